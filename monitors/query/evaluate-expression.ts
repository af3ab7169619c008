// Evaluates the expression of a query over recorded series: one row of buckets per group.
import type { Expression, SeriesExpression, SpaceAggregation } from './query-expression.ts';
import type { RecordedSeries } from './recorded-series.ts';
import { arithmetic, combineRows, mapRows, type Row, type Rows } from './rows.ts';

/** Evaluates bucket by bucket. Throws an Error for functions that only Datadog can evaluate. */
export function evaluateExpression(expression: Expression, series: readonly RecordedSeries[]): Rows {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'series':
      return seriesRows(expression, series);
    case 'call': {
      const [first] = expression.args;
      if (expression.name !== 'abs' || !first) throw new Error(`only Datadog can evaluate ${expression.name}()`);
      return mapRows(evaluateExpression(first, series), Math.abs);
    }
    case 'binary':
      return combineRows(
        evaluateExpression(expression.left, series),
        evaluateExpression(expression.right, series),
        arithmetic[expression.operator],
      );
  }
}

/** The rows of one series expression: buckets by its roll-up (default: mean), then its aggregation across series. */
export function seriesRows(expression: SeriesExpression, series: readonly RecordedSeries[]): Map<string, Row> {
  const matching = series.filter(
    ({ metric, tags }) => metric === expression.metric && expression.scope.matches(new Set(tags)),
  );
  const rollup = expression.modifiers.find(({ name }) => name === 'rollup');
  const asCount = expression.modifiers.some(({ name }) => name === 'as_count');
  const method = (rollup?.args[0] ?? (asCount ? 'sum' : 'avg')) as SpaceAggregation;
  const stepMs = 1000 * Math.max(Number(rollup?.args[1] ?? 0), ...matching.map(({ intervalS }) => intervalS));

  const groups = new Map<string, Row[]>();
  for (const each of matching) {
    const key = groupKey(expression.groupBy, each.tags);
    if (key === undefined) continue;
    groups.set(key, [...(groups.get(key) ?? []), bucketed(each, stepMs, method)]);
  }
  return new Map([...groups].map(([key, rows]) => [key, acrossSeries(rows, expression.aggregation)]));
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
function bucketed({ points }: RecordedSeries, stepMs: number, method: SpaceAggregation): Row {
  const times: number[] = [];
  const values: number[] = [];
  let bucket: number[] = [];
  let bucketMs = Number.NaN;
  const close = () => {
    if (bucket.length === 0) return;
    times.push(bucketMs);
    values.push(aggregate(bucket, method));
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
