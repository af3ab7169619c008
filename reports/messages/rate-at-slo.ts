// A rate with CPU credits in words, and the SLO that it meets.
import { formatEc2Rate, formatRate, formatRateInterval } from '../format/format.ts';
import type { Estimate } from '../series/regression.ts';

/** `13,100/s on EC2 (9,200 to 18,000) at latency.p99 < 100ms`; `at least` where the generator was at its limit first, `less than` where every rate missed the SLO. Without an SLO the rate alone. */
export function rateAtSlo(
  rate: Estimate,
  {
    slo,
    atLeast,
    atMost,
    onEc2,
  }: {
    readonly slo?: readonly string[];
    readonly atLeast?: true;
    readonly atMost?: true;
    readonly onEc2?: boolean | undefined;
  },
): string {
  const met = slo ? ` at ${slo.join(' and ')}` : '';
  if (atMost) return `less than ${formatRate(rate.high)}${onEc2 ? ' on EC2' : ''}${met}`;
  const figure = onEc2 ? formatEc2Rate(rate) : formatRateInterval(rate);
  return `${atLeast ? 'at least ' : ''}${figure}${met}`;
}
