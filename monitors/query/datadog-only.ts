// What of a query only Datadog can evaluate: its functions, calendar buckets, and modifiers whose effect depends on what is not recorded.
import { metricType } from '../../model/metric.ts';
import type { MonitorQuery } from './query.ts';
import { type Expression, isCounted, isSpaceAggregation, type SeriesExpression, seriesOf } from './query-expression.ts';

export type DatadogOnly = {
  /** As it is written in the query, or what it is. */
  readonly name: string;
  /** The metric whose type would have to be known. */
  readonly metric?: string;
};

/** The first part that only Datadog can evaluate; undefined when there is none. */
export function datadogOnly(query: MonitorQuery): DatadogOnly | undefined {
  if (query.timeAggregation === 'percentile') return { name: 'percentile() of a distribution' };
  const called = callOf(query.expression);
  if (called !== undefined) return { name: `${called}()` };
  if (query.change && query.expression.kind === 'binary' && seriesOf(query.expression).some(isCounted))
    return { name: `${query.change.kind}() of arithmetic on counts` };
  for (const leaf of seriesOf(query.expression)) {
    const found = ofSeries(leaf, query.window.lengthS);
    if (found) return found;
  }
  return undefined;
}

function callOf(expression: Expression): string | undefined {
  if (expression.kind === 'binary') return callOf(expression.left) ?? callOf(expression.right);
  if (expression.kind !== 'call') return undefined;
  return expression.name === 'abs' && expression.args.length === 1
    ? expression.args.map(callOf).find((name) => name !== undefined)
    : expression.name;
}

function ofSeries(
  { metric, aggregation, scope, modifiers }: SeriesExpression,
  windowS: number,
): DatadogOnly | undefined {
  if (/["']/.test(scope.text)) return { name: `quotation marks in {${scope.text}}` };
  if (!isSpaceAggregation(aggregation)) return { name: `${aggregation}: of a distribution` };
  const rollups = modifiers.filter((each) => each.name === 'rollup');
  const [rollup] = rollups;
  if (rollups.length > 1) return { name: 'several roll-ups of one series' };
  if (rollup?.isCalendar) return { name: 'a roll-up by the calendar' };
  if ((rollup?.intervalS ?? 0) > windowS) return { name: 'a roll-up that is longer than the window' };
  for (const each of modifiers) {
    if (each.name === 'weighted') return { name: 'weighted()' };
    if (each.name === 'fill' && each.how !== 'null') return { name: `fill(${each.how})` };
  }
  const counts = modifiers.filter(({ name }) => name === 'as_count' || name === 'as_rate');
  const [counted] = counts;
  if (!counted) return undefined;
  if (counts.length > 1) return { name: 'as_count() together with as_rate()' };
  const type = metricType(metric);
  if (type === undefined) return { name: `${counted.name}()`, metric };
  const isOther = rollup?.method !== undefined && rollup.method !== 'sum';
  return type === 'count' && isOther ? { name: `${counted.name}() with a roll-up by ${rollup.method}` } : undefined;
}
