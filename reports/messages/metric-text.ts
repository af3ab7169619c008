// A compared metric in words and units.
import type { Difference } from '../comparison/difference.ts';
import type { HistoryMetric } from '../comparison/history.ts';
import { formatLatency, formatPercent, formatRate } from '../format/format.ts';

const names: Readonly<Record<HistoryMetric, string>> = {
  'latency.p50': 'latency p50',
  'latency.p90': 'latency p90',
  'latency.p95': 'latency p95',
  'latency.p99': 'latency p99',
  'latency.p999': 'latency p99.9',
  'latency.mean': 'latency mean',
  'errors.rate': 'errors',
  'dropped.rate': 'dropped',
  throughput: 'throughput',
  capacity: 'capacity',
};

/** The name of a metric: `latency p99`, `throughput`, `capacity`. */
export function figureName(metric: HistoryMetric): string {
  return names[metric];
}

/** A value of the metric in its unit; a capacity is a rate. */
export function formatFigure(metric: HistoryMetric, value: number): string {
  if (metric.startsWith('latency.')) return formatLatency(value);
  return metric === 'throughput' || metric === 'capacity' ? formatRate(value) : formatPercent(value);
}

/** The same with its sign, for differences. */
export function formatSigned(metric: HistoryMetric, value: number): string {
  const sign = value > 0 ? '+' : value < 0 ? '−' : '';
  return `${sign}${formatFigure(metric, Math.abs(value))}`;
}

/** Whether the interval of a difference holds a doubling and a halt alike: of too few seconds, too unlike, nothing is known. */
export function isUnknown({
  baseline,
  candidate,
  difference,
}: Pick<Difference, 'baseline' | 'candidate' | 'difference'>): boolean {
  const larger = Math.max(Math.abs(baseline), Math.abs(candidate));
  return difference.low < -larger && difference.high > larger;
}

/** For example `latency p99: 9.10 ms to 12.4 ms, +3.30 ms (95 %: +2.10 ms to +4.50 ms)`. */
export function describeDifference(each: Pick<Difference, 'metric' | 'baseline' | 'candidate' | 'difference'>): string {
  const { metric, baseline, candidate, difference } = each;
  const signed = (value: number) => formatSigned(metric, value);
  if (difference.low === 0 && difference.high === 0)
    return `${figureName(metric)}: ${formatFigure(metric, baseline)} in both`;
  const figures = `${figureName(metric)}: ${formatFigure(metric, baseline)} to ${formatFigure(metric, candidate)}`;
  if (isUnknown(each)) return `${figures}, too few seconds to compare`;
  return `${figures}, ${signed(difference.value)} (95 %: ${signed(difference.low)} to ${signed(difference.high)})`;
}
