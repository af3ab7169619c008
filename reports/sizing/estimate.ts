// Arithmetic on figures that have an interval.
import type { Estimate } from '../series/regression.ts';

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

/** A figure without uncertainty. */
export function exactly(value: number): Estimate {
  return { value, low: value, high: value };
}
