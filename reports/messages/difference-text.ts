// A difference between two runs in words and units.
import type { Difference } from '../comparison/difference.ts';
import type { ComparedMetric } from '../comparison/margin.ts';
import { formatLatency, formatPercent, formatRate } from '../format/format.ts';

/** What a metric is called: `latency p99`, `throughput`. */
export function figureName(metric: ComparedMetric): string {
  return metric.replace('.', ' ').replace(' rate', '').replace('p999', 'p99.9');
}

/** A value of the metric in its unit. */
export function formatFigure(metric: ComparedMetric, value: number): string {
  if (metric.startsWith('latency.')) return formatLatency(value);
  return metric === 'throughput' ? formatRate(value) : formatPercent(value);
}

/** The same with its sign, for differences. */
export function formatSigned(metric: ComparedMetric, value: number): string {
  const sign = value > 0 ? '+' : value < 0 ? '−' : '';
  return `${sign}${formatFigure(metric, Math.abs(value))}`;
}

/** For example `latency p99 is 12.4 ms, before 9.10 ms: +3.30 ms (95 %: +2.10 ms to +4.50 ms)`. */
export function describeChange({ metric, baseline, candidate, difference }: Difference): string {
  const signed = (value: number) => formatSigned(metric, value);
  return `${figureName(metric)} is ${formatFigure(metric, candidate)}, before ${formatFigure(metric, baseline)}: ${signed(difference.value)} (95 %: ${signed(difference.low)} to ${signed(difference.high)})`;
}
