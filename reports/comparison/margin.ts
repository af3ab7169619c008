// A margin is the largest regression allowed: `latency.p99 +10ms`, `throughput -5%`.
import { didYouMean } from '../../model/nearest.ts';
import { UserError } from '../../model/user-error.ts';

export const comparedMetrics = [
  'latency.p50',
  'latency.p90',
  'latency.p95',
  'latency.p99',
  'latency.p999',
  'latency.mean',
  'errors.rate',
  'dropped.rate',
  'throughput',
] as const;
export type ComparedMetric = (typeof comparedMetrics)[number];

export type Margin = {
  readonly expression: string;
  readonly metric: ComparedMetric;
  /** In the metric's base unit (microseconds, percent, per second), above 0 ... */
  readonly amount?: number;
  /** ... or as a share of the baseline. */
  readonly share?: number;
};

/** Whether more of it is worse. */
export function moreIsWorse(metric: ComparedMetric): boolean {
  return metric !== 'throughput';
}

/** Parses a margin; its sign must be that of a regression. Throws a UserError. */
export function parseMargin(text: string): Margin {
  const [, name = '', sign, digits, unit = ''] = /^\s*([\w.]+)\s*([+-])\s*(\d+(?:\.\d+)?)\s*(\S*)\s*$/.exec(text) ?? [];
  if (sign === undefined)
    throw new UserError(
      `the margin "${text}" was not understood. Write it like 'latency.p99 +10ms' or 'throughput -5%'`,
    );
  const metric = comparedMetrics.find((each) => each === name);
  if (!metric) {
    throw new UserError(
      `the margin "${text}": ${name} is not a compared metric.${didYouMean(name, comparedMetrics, ` Use one of ${comparedMetrics.join(', ')}`)}`,
    );
  }
  const worse = moreIsWorse(metric) ? '+' : '-';
  if (sign !== worse)
    throw new UserError(`the margin "${text}" allows an improvement. A regression of ${metric} has the sign ${worse}`);
  const amount = Number(digits);
  if (amount === 0) throw new UserError(`the margin "${text}" is 0. Use a value above 0`);
  const expression = `${metric} ${sign}${amount}${unit}`;
  if (metric.endsWith('.rate') && unit === '%') return { expression, metric, amount };
  if (unit === '%') return { expression, metric, share: amount / 100 };
  const factor = { us: 1, ms: 1000, s: 1e6 }[unit];
  if (metric.startsWith('latency.') && factor !== undefined) return { expression, metric, amount: amount * factor };
  if (metric === 'throughput' && unit === '/s') return { expression, metric, amount };
  const units = metric.startsWith('latency.') ? 'us, ms, s or %' : metric === 'throughput' ? '/s or %' : '%';
  throw new UserError(`the margin "${text}" needs the unit ${units}`);
}
