import { describe, expect, test } from '@jest/globals';
import { blockLength, bootstrapInterval } from '../../series/bootstrap.ts';

/** A reproducible AR(1) series: each value leans on the one before it. */
function series(seed: number, n: number, phi: number, mean = 0): number[] {
  let state = seed * 7919 + 1;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  for (let skip = 0; skip < 20; skip++) uniform();
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  let value = normal() / Math.sqrt(1 - phi * phi);
  return Array.from({ length: n }, () => {
    value = phi * value + normal();
    return mean + value;
  });
}

const meanOf = (values: readonly number[], weights: Float64Array | undefined) =>
  values.reduce((sum, value, index) => sum + value * (weights?.[index] ?? 0), 0) / values.length;

const difference = (a: readonly number[], b: readonly number[], seed: number) =>
  bootstrapInterval([[{ series: a }], [{ series: b }]], ([wa, wb]) => meanOf(b, wb?.[0]) - meanOf(a, wa?.[0]), seed);

describe('the interval of a difference', () => {
  test.each([
    [30, 0],
    [60, 0.5],
    [120, 0.8],
  ])('of two alike runs of %d s (correlation %d) leaves 0 out in at most 5 of 100 pairs', (n, phi) => {
    const alarms = Array.from({ length: 100 }, (_, pair) => {
      const found = difference(series(2 * pair, n, phi), series(2 * pair + 1, n, phi), pair);
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
