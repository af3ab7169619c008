import { describe, expect, test } from '@jest/globals';
import { seededRandom, unitExponential, xoshiro128StarStar } from '../random.ts';

describe('random', () => {
  test("is xoshiro128**: the reference implementation's outputs from the state 1, 2, 3, 4", () => {
    const random = xoshiro128StarStar([1, 2, 3, 4]);
    expect(Array.from({ length: 10 }, random)).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  test('gives the same numbers for the same seed, and others for another', () => {
    const draw = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(new Set(draw(0)).size).toBe(5);
  });

  test('exponentials have mean 1 and variance 1, and are never infinite', () => {
    const random = seededRandom(1);
    const values = Array.from({ length: 100_000 }, () => unitExponential(random));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(mean).toBeCloseTo(1, 1);
    expect(variance).toBeCloseTo(1, 1);
    expect(unitExponential(() => 0)).toBeCloseTo(53 * Math.LN2, 6);
    expect(unitExponential(() => 0xffffffff)).toBeCloseTo(0, 9);
  });
});
