// What the value of a monitor's query is counted in: that of its series, which Datadog's own metrics say by their names.
import { hostMetrics } from '../model/metric.ts';
import { type Expression, seriesOf } from './query-expression.ts';

const written: Readonly<Record<string, string>> = { percent: '%', credits: 'credits', bytes: 'B' };

/** As it is written behind a value; undefined for a plain number, a ratio, and a metric that is not known. */
export function unitOf(expression: Expression): string | undefined {
  const units = new Set(seriesOf(expression).map(({ metric }) => unitOfMetric(metric)));
  return isLinear(expression) && units.size === 1 ? [...units][0] : undefined;
}

function unitOfMetric(metric: string): string | undefined {
  if (metric.endsWith('_ms')) return 'ms';
  const unit = Object.hasOwn(hostMetrics, metric) ? hostMetrics[metric] : undefined;
  return unit === undefined ? undefined : written[unit];
}

/** A sum or a difference of percentages is one; a quotient is something else. */
function isLinear(expression: Expression): boolean {
  if (expression.kind === 'binary')
    return '+-'.includes(expression.operator) && isLinear(expression.left) && isLinear(expression.right);
  return expression.kind !== 'call' || (expression.name === 'abs' && expression.args.every(isLinear));
}
