import { describe, expect, test } from '@jest/globals';
import { blockLength, bootstrapInterval } from '../../series/bootstrap.ts';
import { difference, series } from './leaning-series.ts';

describe('the interval of a difference', () => {
  // Longer ones that hang together: npm run bench -- interval-coverage.
  test('of two alike runs of 30 s leaves 0 out in at most 5 of 100 pairs', () => {
    const alarms = Array.from({ length: 100 }, (_, pair) => {
      const found = difference(series(2 * pair, 30, 0), series(2 * pair + 1, 30, 0), pair);
      return found !== undefined && (found.low > 0 || found.high < 0);
    }).filter(Boolean).length;
    expect(alarms).toBeLessThanOrEqual(5);
  });

  test('finds a difference in 9 of 10 pairs', () => {
    const found = Array.from({ length: 20 }, (_, pair) =>
      difference(series(2 * pair, 60, 0.5), series(2 * pair + 1, 60, 0.5, 2), pair),
    );
    expect(found.filter((each) => each !== undefined && each.low > 0).length).toBeGreaterThanOrEqual(18);
  });

  test('is the same each time', () => {
    const run = () => difference(series(1, 40, 0.3), series(2, 40, 0.3), 5);
    expect(run()).toEqual(run());
  });

  test('is none of a handful of seconds', () => {
    expect(difference(series(1, 7, 0), series(2, 60, 0), 1)).toBeUndefined();
    expect(bootstrapInterval([], () => 1)).toBeUndefined();
  });

  test('of seconds that are all alike is a point', () => {
    const flat = Array.from({ length: 20 }, () => 3);
    expect(difference(flat, flat, 1)).toEqual({ value: 0, low: 0, high: 0 });
  });
});

describe('a block', () => {
  test('is longer when seconds hang together', () => {
    const lengths = (phi: number) => Array.from({ length: 20 }, (_, seed) => blockLength(series(seed, 200, phi)));
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(lengths(0))).toBeLessThan(8);
    expect(mean(lengths(0.9))).toBeGreaterThan(20);
    expect(Math.max(...lengths(0.9))).toBeLessThanOrEqual(50);
  });
});
