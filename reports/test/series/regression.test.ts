import { describe, expect, test } from '@jest/globals';
import { fitLine, studentT95 } from '../../series/regression.ts';

describe('a fitted line', () => {
  test('is exact on exact points', () => {
    const line = fitLine([1, 2, 5, 9].map((x) => ({ x, y: 3 + 2 * x })));
    expect(line?.slope.value).toBeCloseTo(2, 12);
    expect(line?.intercept.value).toBeCloseTo(3, 12);
    expect(line?.r2).toBeCloseTo(1, 12);
    expect((line?.slope.high ?? 0) - (line?.slope.low ?? 0)).toBeCloseTo(0, 6);
  });

  // Anscombe's first data set (The American Statistician, 1973): slope 0.5001 +- 0.1179, intercept 3.0001 +- 1.1247, R2 0.6665.
  test("meets Anscombe's figures", () => {
    const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
    const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
    const line = fitLine(x.map((each, index) => ({ x: each, y: y[index] ?? 0 })));
    expect(line?.slope.value).toBeCloseTo(0.5001, 4);
    expect(line?.intercept.value).toBeCloseTo(3.0001, 4);
    expect(line?.r2).toBeCloseTo(0.6665, 4);
    expect(line?.slope.high).toBeCloseTo(0.5001 + 2.262 * 0.1179, 3);
    expect(line?.intercept.low).toBeCloseTo(3.0001 - 2.262 * 1.1247, 2);
  });

  test('is none from two points, or from one load', () => {
    expect(
      fitLine([
        { x: 1, y: 1 },
        { x: 2, y: 2 },
      ]),
    ).toBeUndefined();
    expect(fitLine([1, 2, 3].map((y) => ({ x: 5, y })))).toBeUndefined();
  });
});

describe("Student's t", () => {
  test.each([
    [1, 12.706],
    [10, 2.228],
    [11, 2.201],
    [20, 2.086],
    [60, 2.0],
    [100_000, 1.96],
  ])('%d degrees: %d', (degrees, quantile) => {
    expect(studentT95(degrees)).toBeCloseTo(quantile, 2);
  });
});
