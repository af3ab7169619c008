// A rate with CPU credits in words, and the SLO that it meets.
import { formatEc2Rate, formatRateInterval } from '../format/format.ts';
import type { Estimate } from '../series/regression.ts';

/** `13,100/s on EC2 (9,200 to 18,000) at latency.p99 < 100ms`; `at least` where the generator was at its limit first. Without an SLO the rate alone. */
export function rateAtSlo(
  rate: Estimate,
  {
    slo,
    atLeast,
    onEc2,
  }: { readonly slo?: readonly string[]; readonly atLeast?: true; readonly onEc2?: boolean | undefined },
): string {
  const figure = onEc2 ? formatEc2Rate(rate) : formatRateInterval(rate);
  return `${atLeast ? 'at least ' : ''}${figure}${slo ? ` at ${slo.join(' and ')}` : ''}`;
}
