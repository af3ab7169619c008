import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createClock } from '../../series/clock.ts';
import { type Sample, splitAtGaps, thin } from '../../series/series.ts';

describe('thin', () => {
  test('leaves what is short as it is', () => {
    const series = [[[0, 1] as const, [1, 2] as const]];
    expect(thin(series, 10)).toBe(series);
  });

  test('keeps every peak and every dip, in order, and adds nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 100, maxLength: 2000 }), (values) => {
        const samples: Sample[] = values.map((value, index) => [index, value]);
        const [thinned = []] = thin([samples], 50);
        const kept = thinned.map(([, value]) => value);
        expect(Math.max(...kept)).toBe(Math.max(...values));
        expect(Math.min(...kept)).toBe(Math.min(...values));
        expect(
          thinned.every(([atS, value], index) => values[atS] === value && (thinned[index - 1]?.[0] ?? -1) < atS),
        ).toBe(true);
        expect(thinned.length).toBeLessThanOrEqual(52);
      }),
    );
  });

  test('a single spike of one second in a day survives', () => {
    const day: Sample[] = Array.from({ length: 86_400 }, (_, second) => [second, second === 54_321 ? 9000 : 1]);
    expect(thin([day], 600)[0]?.find(([, value]) => value === 9000)).toEqual([54_321, 9000]);
  });
});

test('splitAtGaps breaks where seconds are missing', () => {
  expect(splitAtGaps([0, 1, 2, 6, 7], (each) => each, 2.6)).toEqual([
    [0, 1, 2],
    [6, 7],
  ]);
  expect(splitAtGaps([], (each: number) => each, 2.6)).toEqual([]);
});

describe('createClock', () => {
  test('gives seconds since the begin', () => {
    expect(createClock('2026-01-01T00:00:00.000Z').secondsAt('2026-01-01T00:00:01.500Z')).toBe(1.5);
  });

  test('goes on when the wall clock is set back, and tells by how much', () => {
    const clock = createClock('2026-01-01T00:00:00.000Z');
    clock.secondsAt('2026-01-01T00:01:00.000Z');
    expect(clock.secondsAt('2026-01-01T00:00:31.000Z')).toBe(60);
    expect(clock.secondsAt('2026-01-01T00:00:32.000Z')).toBe(61);
    expect(clock.setBackS()).toBe(29);
  });

  test('takes jitter for jitter', () => {
    const clock = createClock('2026-01-01T00:00:00.000Z');
    clock.secondsAt('2026-01-01T00:00:10.000Z');
    expect(clock.secondsAt('2026-01-01T00:00:09.000Z')).toBe(9);
    expect(clock.setBackS()).toBe(0);
  });
});
