// The unit of the value of a monitor's query: that of its series.
import { hostMetrics } from '../../model/metric.ts';
import type { MonitorQuery } from './query.ts';
import { type Expression, seriesOf } from './query-expression.ts';
import type { Modifier } from './query-modifier.ts';

const written: Readonly<Record<string, string>> = { percent: '%', credits: 'credits', bytes: 'B' };

/** The unit to print after a value; undefined for a plain number, a sum over time, a ratio, and an unknown metric. */
export function unitOf({ expression, change, timeAggregation }: MonitorQuery): string | undefined {
  if (change?.kind === 'pct_change') return '%';
  const series = seriesOf(expression);
  const units = new Set(series.map(({ metric }) => unitOfMetric(metric)));
  const counted = series.some(({ modifiers }) => modifiers.some(counts));
  if (timeAggregation === 'sum' || counted || !isLinear(expression) || units.size !== 1) return undefined;
  return [...units][0];
}

/** Whether a modifier turns values into counts or sums. */
function counts(modifier: Modifier): boolean {
  if (modifier.name === 'rollup') return modifier.method === 'count' || modifier.method === 'sum';
  return modifier.name.startsWith('as_');
}

function unitOfMetric(metric: string): string | undefined {
  if (metric.endsWith('_ms')) return 'ms';
  const unit = Object.hasOwn(hostMetrics, metric) ? hostMetrics[metric] : undefined;
  return unit === undefined ? undefined : written[unit];
}

/** A sum or difference keeps the unit of its parts; a quotient does not. */
function isLinear(expression: Expression): boolean {
  if (expression.kind === 'binary')
    return '+-'.includes(expression.operator) && isLinear(expression.left) && isLinear(expression.right);
  return expression.kind !== 'call' || (expression.name === 'abs' && expression.args.every(isLinear));
}
