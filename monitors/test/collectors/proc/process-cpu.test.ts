import { expect, test } from '@jest/globals';
import { ticksUsed } from '../../../collectors/proc/process-cpu.ts';
import { process } from '../../process.ts';

test('a process that lives on used the difference, a new one all that it has', () => {
  const used = ticksUsed(
    [process(1), process(10, 1, { ownTicks: 100 })],
    [process(1), process(10, 1, { ownTicks: 130 }), process(11, 1, { ownTicks: 7, startedAtTicks: 500 })],
  );
  expect(used).toEqual(new Map([[1, 0], [10, 30], [11, 7]])); // biome-ignore format: a map reads as one line
});

test('a compiler that lived between two samples is charged to the make that reaped it', () => {
  const used = ticksUsed([process(10, 1, { reapedTicks: 5 })], [process(10, 1, { reapedTicks: 65 })]);
  expect(used.get(10)).toBe(60);
});

test('what a child had used before its last sample is not counted again when it is reaped', () => {
  const used = ticksUsed(
    [process(10), process(11, 10, { ownTicks: 80 }), process(12, 11, { ownTicks: 15 })],
    [process(10, 1, { reapedTicks: 100 })],
  );
  expect(used.get(10)).toBe(5);
});

test('a pid that was used again is another process', () => {
  const used = ticksUsed(
    [process(10, 1, { ownTicks: 900, startedAtTicks: 1 })],
    [process(10, 1, { ownTicks: 4, startedAtTicks: 2 })],
  );
  expect(used.get(10)).toBe(4);
});

test('a parent that never waits for its children is not charged below nothing', () => {
  const used = ticksUsed(
    [process(10, 1, { ownTicks: 10 }), process(11, 10, { ownTicks: 80 })],
    [process(10, 1, { ownTicks: 13 })],
  );
  expect(used.get(10)).toBe(3);
});
