import { expect, test } from '@jest/globals';
import type { Block } from '../../../model/block.ts';
import { makeRun, makeStage } from '../../../model/test/make-run.ts';
import { ratioOfNeighbours } from '../../comparison/neighbour-blocks.ts';

/** Blocks of 4 s each, `offsetS` after the hour, of which every other belongs to the other run. */
function runOf(offsetS: number, rates: readonly number[], slow: readonly number[] = []) {
  const blocks: Block[] = rates.map((throughputPerS, index) => ({
    startedAt: new Date(Date.UTC(2026, 0, 1, 10, 0, offsetS + 8 * index)).toISOString(),
    durationS: 2,
    throughputPerS,
    clean: !slow.includes(index),
  }));
  return makeRun({ stages: [makeStage({ role: 'measured', blocks })] });
}

test('what drifts meets both runs, so that their ratio does not move', () => {
  const drift = [1000, 1100, 1200, 1300, 1400, 1500, 1600, 1700];
  const ratio = ratioOfNeighbours(
    runOf(0, drift),
    runOf(
      4,
      drift.map((perS) => 0.5 * perS),
    ),
    'measured',
  );
  expect(ratio?.value).toBeCloseTo(0.5, 1);
  expect(ratio?.high).toBeLessThan(0.56);
});

test('a disturbed block is left out, and its neighbour is paired with the next nearest', () => {
  const even = Array.from({ length: 8 }, () => 1000);
  const disturbed = even.map((perS, index) => (index === 3 ? 100 : perS));
  expect(ratioOfNeighbours(runOf(0, disturbed, [3]), runOf(4, even), 'measured')?.value).toBe(1);
});

test('blocks of another time, and stages without blocks, have no ratio', () => {
  const even = Array.from({ length: 8 }, () => 1000);
  expect(ratioOfNeighbours(runOf(0, even), runOf(7200, even), 'measured')).toBeUndefined();
  expect(ratioOfNeighbours(makeRun(), runOf(0, even), 'measured')).toBeUndefined();
});
