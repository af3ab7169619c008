// Arithmetic on figures that have an interval.
import type { Estimate } from '../../series/regression.ts';

/** Each of the three figures through `change`, which keeps their order. */
export function mapEstimate(
  { value, low, high }: Estimate,
  change: (figure: number, end: keyof Estimate) => number,
): Estimate {
  return { value: change(value, 'value'), low: change(low, 'low'), high: change(high, 'high') };
}

export function scaleEstimate(estimate: Estimate, by: number): Estimate {
  return mapEstimate(estimate, (figure) => figure * by);
}

/** All of them together; each end is that of all ends, as if they were wrong in the same direction. */
export function addEstimates(estimates: readonly Estimate[]): Estimate {
  const total = (end: keyof Estimate) => estimates.reduce((sum, each) => sum + each[end], 0);
  return { value: total('value'), low: total('low'), high: total('high') };
}

/** A figure without uncertainty. */
export function exactly(value: number): Estimate {
  return { value, low: value, high: value };
}
