// Evaluates the expression of a query over recorded series: one row of buckets per group.
import { metricType } from '../../model/metric.ts';
import {
  type Expression,
  isSpaceAggregation,
  type SeriesExpression,
  type SpaceAggregation,
} from './query-expression.ts';
import type { RollupMethod } from './query-modifier.ts';
import type { RecordedSeries } from './recorded-series.ts';
import { arithmetic, combineRows, eachValue, mapRows, type Row, type Rows } from './rows.ts';

/** Evaluates bucket by bucket. Throws an Error for functions that only Datadog can evaluate. */
export function evaluateExpression(expression: Expression, series: readonly RecordedSeries[]): Rows {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'series':
      return seriesRows(expression, series);
    case 'call':
      return mapRows(evaluateExpression(argumentOfAbs(expression), series), Math.abs);
    case 'binary':
      return combineRows(
        evaluateExpression(expression.left, series),
        evaluateExpression(expression.right, series),
        arithmetic[expression.operator],
      );
  }
}

/** The argument of `abs(...)`. Throws an Error for any other function. */
export function argumentOfAbs({ name, args }: Extract<Expression, { kind: 'call' }>): Expression {
  const [only, ...more] = args;
  if (name !== 'abs' || !only || more.length > 0) throw new Error(`only Datadog can evaluate ${name}()`);
  return only;
}

/** The rows of one series expression: buckets by its roll-up (default: mean), then its aggregation across series. */
export function seriesRows(expression: SeriesExpression, series: readonly RecordedSeries[]): Map<string, Row> {
  const matching = series.filter(
    ({ metric, tags }) => metric === expression.metric && expression.scope.matches(new Set(tags)),
  );
  const rollup = expression.modifiers.find((each) => each.name === 'rollup');
  const has = (modifier: string) => expression.modifiers.some(({ name }) => name === modifier);
  // On a gauge neither has an effect.
  const isCount = (has('as_count') || has('as_rate')) && metricType(expression.metric) === 'count';
  const method = rollup?.method ?? (isCount ? 'sum' : 'avg');
  const stepMs = 1000 * Math.max(rollup?.intervalS ?? 0, ...matching.map(({ intervalS }) => intervalS));

  const { aggregation } = expression;
  if (!isSpaceAggregation(aggregation)) throw new Error(`only Datadog can evaluate ${aggregation}`);
  const groups = new Map<string, Row[]>();
  for (const each of matching) {
    const key = groupKey(expression.groupBy, each.tags);
    if (key === undefined) continue;
    groups.set(key, [...(groups.get(key) ?? []), bucketed(each, stepMs, method)]);
  }
  const rows = new Map([...groups].map(([key, each]) => [key, acrossSeries(each, aggregation)]));
  return isCount && has('as_rate') ? eachValue(rows, (count) => count / (stepMs / 1000)) : rows;
}

/** Aggregates the values from index `from` up to `to`. Throws an Error when there are none. */
export function aggregate(values: readonly number[], how: SpaceAggregation, from = 0, to = values.length): number {
  if (from >= to) throw new Error('nothing to aggregate');
  let result = values[from] as number;
  for (let index = from + 1; index < to; index++) {
    const value = values[index] as number;
    if (how === 'max') result = Math.max(result, value);
    else if (how === 'min') result = Math.min(result, value);
    else result += value;
  }
  return how === 'avg' ? result / (to - from) : result;
}

/** The points are in order, so a bucket is complete when the next one begins. */
function bucketed({ points }: RecordedSeries, stepMs: number, method: RollupMethod): Row {
  const times: number[] = [];
  const values: number[] = [];
  let bucket: number[] = [];
  let bucketMs = Number.NaN;
  const close = () => {
    if (bucket.length === 0) return;
    times.push(bucketMs);
    values.push(method === 'count' ? bucket.length : aggregate(bucket, method));
  };
  for (const [endMs, value] of points) {
    const at = Math.ceil(endMs / stepMs) * stepMs;
    if (at === bucketMs) bucket.push(value);
    else {
      close();
      bucketMs = at;
      bucket = [value];
    }
  }
  close();
  return { times, values };
}

function acrossSeries(rows: readonly Row[], how: SpaceAggregation): Row {
  const [only, ...others] = rows;
  if (only && others.length === 0) return only;
  const buckets = new Map<number, number[]>();
  for (const { times, values } of rows) {
    times.forEach((at, index) => {
      const value = values[index] as number;
      const bucket = buckets.get(at);
      if (bucket) bucket.push(value);
      else buckets.set(at, [value]);
    });
  }
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  return { times: sorted.map(([at]) => at), values: sorted.map(([, values]) => aggregate(values, how)) };
}

/** The group of a series; undefined when it lacks one of the keys. */
function groupKey(groupBy: readonly string[], tags: readonly string[]): string | undefined {
  const parts = groupBy.map((key) => tags.find((tag) => tag.startsWith(`${key}:`)));
  return parts.includes(undefined) ? undefined : parts.join(',');
}
