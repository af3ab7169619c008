// Ordinary least squares of a line, with the intervals of its two parameters.

/** A figure with its 95 % interval. */
export type Estimate = { readonly value: number; readonly low: number; readonly high: number };

export type Line = {
  readonly slope: Estimate;
  readonly intercept: Estimate;
  /** Share of the variance that the line explains, 0 to 1. */
  readonly r2: number;
};

/** Two-sided 95 % quantiles of Student's t for 1, 2, 3 ... degrees of freedom; beyond the table the formula below is within 0.1 %. */
const t95 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];

/** The 97.5 % quantile of Student's t; by the Cornish-Fisher expansion (Abramowitz and Stegun 26.7.5) beyond ten degrees of freedom. */
export function studentT95(degrees: number): number {
  const tabled = t95[degrees - 1];
  if (tabled !== undefined) return tabled;
  const z = 1.959964;
  return z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2);
}

/**
 * Fits y = intercept + slope x (Draper and Smith, Applied Regression Analysis, chapter 1). Undefined with fewer than three points or
 * only one x: there is no interval to give.
 */
export function fitLine(points: readonly { readonly x: number; readonly y: number }[]): Line | undefined {
  const n = points.length;
  if (n < 3) return undefined;
  const mean = (of: (point: { x: number; y: number }) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / n;
  const meanX = mean(({ x }) => x);
  const meanY = mean(({ y }) => y);
  const sxx = n * mean(({ x }) => (x - meanX) ** 2);
  if (sxx === 0) return undefined;
  const slope = (n * mean(({ x, y }) => (x - meanX) * (y - meanY))) / sxx;
  const intercept = meanY - slope * meanX;
  const residual = n * mean(({ x, y }) => (y - intercept - slope * x) ** 2);
  const total = n * mean(({ y }) => (y - meanY) ** 2);
  const s = Math.sqrt(residual / (n - 2));
  const t = studentT95(n - 2);
  return {
    slope: around(slope, (t * s) / Math.sqrt(sxx)),
    intercept: around(intercept, t * s * Math.sqrt(1 / n + meanX ** 2 / sxx)),
    r2: total === 0 ? 1 : 1 - residual / total,
  };
}

function around(value: number, half: number): Estimate {
  return { value, low: value - half, high: value + half };
}
