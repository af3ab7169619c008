// Whether recorded series give what Datadog would evaluate: their statistics, intervals and length against those of the query.
import { group, max, min } from 'd3-array';
import type { Finding } from '../../model/finding.ts';
import { metricType } from '../../model/metric.ts';
import { monitorFinding } from '../messages.ts';
import type { MonitorQuery } from './query.ts';
import { type Expression, isCounted, type SeriesExpression, seriesOf } from './query-expression.ts';
import { agentIntervalS, type RecordedSeries } from './recorded-series.ts';

type Wanted = 'avg' | 'max' | 'min';
type Leaf = { readonly leaf: SeriesExpression; readonly wanted: Wanted };

/** The series that the query is evaluated over: of a metric with several statistics the one that it needs, else the mean. */
export function fittingSeries(query: MonitorQuery, series: readonly RecordedSeries[]): RecordedSeries[] {
  const leaves = leavesOf(query);
  return [...group(series, ({ metric }) => metric)].flatMap(([metric, all]) => {
    const wanted = new Set(leaves.filter(({ leaf }) => leaf.metric === metric).map((each) => each.wanted));
    const order = [wanted.size === 1 ? [...wanted][0] : 'avg', 'avg', 'max', 'min', 'sum'];
    const best = order.find((each) => all.some(({ statistic = 'avg' }) => statistic === each));
    return all.filter(({ statistic = 'avg' }) => statistic === best);
  });
}

/** Why the series do not give what Datadog would evaluate; undefined when they do, or there are none. */
export function unfitReason(query: MonitorQuery, series: readonly RecordedSeries[]): Finding | undefined {
  const { window, change } = query;
  const fitting = fittingSeries(query, series);
  const found = leavesOf(query).flatMap(({ leaf, wanted }) =>
    fitting
      .filter(({ metric, tags }) => metric === leaf.metric && leaf.scope.matches(new Set(tags)))
      .map((each) => ({ leaf, wanted, ...each })),
  );
  const hidden = found.flatMap(({ leaf, ...each }) => unknownTag(leaf, each) ?? [])[0];
  if (hidden) return hidden;
  for (const { leaf, wanted, metric, statistic = 'avg', intervalS } of found) {
    const isRightSum = statistic === 'sum' && metricType(metric) !== 'gauge';
    if (statistic !== 'avg' && statistic !== wanted && !isRightSum)
      return monitorFinding('statistic-not-recorded', { metric, statistic, wanted, intervalS });
    if (isCoarse({ metric, intervalS }) && countsPoints(query, leaf))
      return monitorFinding('sum-of-coarse-points', { metric, intervalS });
    const step = rollupS(leaf);
    if (intervalS > agentIntervalS && step > intervalS && step % intervalS !== 0)
      return monitorFinding('roll-up-between-points', { metric, intervalS, rollupS: step });
    if (window.kind === 'last' && intervalS > window.lengthS)
      return monitorFinding('window-below-interval', { metric, intervalS, windowS: window.lengthS });
  }
  const steps = found.map(({ leaf, intervalS }) => Math.max(intervalS, rollupS(leaf)));
  const [shortest = 0, stepS = 0] = [min(steps), max(steps)];
  const isByBucket = query.expression.kind !== 'series' && !seriesOf(query.expression).some(isCounted);
  if (isByBucket && shortest !== stepS) return monitorFinding('intervals-differ', { shortest, longest: stepS });
  if (isByBucket && areApart(found, 1000 * stepS))
    return monitorFinding('gaps-differ', { metrics: [...new Set(found.map(({ metric }) => metric))] });
  if (!change || found.length === 0) return undefined;
  if (change.shiftS % stepS !== 0)
    return monitorFinding('shift-between-points', { kind: change.kind, shiftS: change.shiftS, intervalS: stepS });
  const recordedS = spanS(found);
  return recordedS < change.shiftS
    ? monitorFinding('record-below-shift', { kind: change.kind, shiftS: change.shiftS, recordedS })
    : undefined;
}

/** A metric whose recorded means over minutes hide a peak that the query looks for; undefined when there is none. */
export function hiddenPeak(
  query: MonitorQuery,
  series: readonly RecordedSeries[],
): Pick<RecordedSeries, 'metric' | 'intervalS'> | undefined {
  const extremes = leavesOf(query).filter(({ wanted }) => wanted !== 'avg');
  return fittingSeries(query, series).find(
    (each) => isCoarse(each) && !each.statistic && extremes.some(({ leaf }) => leaf.metric === each.metric),
  );
}

/** From the begin of the first interval to the last point of the query's metrics, in seconds. */
export function recordedLengthS(query: MonitorQuery, series: readonly RecordedSeries[]): number {
  const metrics = seriesOf(query.expression).map(({ metric }) => metric);
  const used = fittingSeries(query, series).filter(({ metric }) => metrics.includes(metric));
  return spanS(used) + (min(used, ({ intervalS }) => intervalS) ?? 0);
}

function spanS(series: readonly Pick<RecordedSeries, 'points'>[]): number {
  const ends = series.flatMap(({ points }) => [points[0], points.at(-1)].flatMap((point) => point?.[0] ?? []));
  return ((max(ends) ?? 0) - (min(ends) ?? 0)) / 1000;
}

/** A scope that selects other hosts too, whose points the record does not have; undefined when there is none, or each host is a group. */
export function unseenHosts(query: MonitorQuery, series: readonly RecordedSeries[]): string | undefined {
  const recorded = new Set(series.flatMap(({ tags }) => tags));
  return seriesOf(query.expression).find(({ scope, groupBy }) => {
    const others = scope.tags.filter((tag) => !recorded.has(tag)).map((tag) => tag.replaceAll('*', 'x'));
    return !groupBy.includes('host') && scope.matches(new Set([...others, 'host:another']));
  })?.scope.text;
}

/** Whether Datadog has more points than the record: the agent's 15 s, while CloudWatch's own come minutes apart. */
function isCoarse({ metric, intervalS }: Pick<RecordedSeries, 'metric' | 'intervalS'>): boolean {
  return intervalS > agentIntervalS && !metric.startsWith('aws.');
}

/** Whether the value depends on how many points there are, and not on their values alone. */
function countsPoints({ timeAggregation }: MonitorQuery, { metric, modifiers }: SeriesExpression): boolean {
  const rollup = modifiers.find((each) => each.name === 'rollup');
  if (rollup?.method === 'count') return true;
  // The sum of the sums is the sum; of an unknown metric the record may have every point.
  if (metricType(metric) !== 'gauge') return false;
  return rollup?.method === 'sum' || (timeAggregation === 'sum' && rollup?.intervalS === undefined);
}

/**
 * Whether one of the series lacks a bucket, between its first and its last, that another has. Datadog interpolates there, unless it is
 * a count or has `.fill(null)`. https://docs.datadoghq.com/monitors/guide/monitor-arithmetic-and-sparse-metrics/
 */
function areApart(series: readonly (RecordedSeries & { readonly leaf: SeriesExpression })[], stepMs: number): boolean {
  const rows = series.map(({ points }) => new Set(points.map(([endMs]) => Math.ceil(endMs / stepMs))));
  const all = new Set(rows.flatMap((row) => [...row]));
  return series.some(({ metric, leaf }, index) => {
    if (metricType(metric) === 'count' || leaf.modifiers.some(({ name }) => name === 'fill')) return false;
    const row = rows[index] as Set<number>;
    const [first = 0, last = 0] = [min(row), max(row)];
    return [...all].some((bucket) => first < bucket && bucket < last && !row.has(bucket));
  });
}

/** A series without a tag of this key may have any, also the one that is excluded. */
function unknownTag({ metric, scope }: SeriesExpression, { tags }: RecordedSeries): Finding | undefined {
  const keyOf = (tag: string) => tag.split(':')[0]?.toLowerCase();
  const unknown = scope.excluded.find((tag) => !tags.some((each) => keyOf(each) === keyOf(tag)));
  return unknown === undefined
    ? undefined
    : monitorFinding('tags-not-recorded', { metric, recorded: tags.join(','), wanted: scope.text });
}

function rollupS({ modifiers }: SeriesExpression): number {
  const rollup = modifiers.find((each) => each.name === 'rollup');
  return rollup?.intervalS ?? 0;
}

/** The series of a query, and of each which statistic of short intervals gives the same as the points within them. */
function leavesOf({ expression, timeAggregation, change }: MonitorQuery): Leaf[] {
  const isExtreme = (timeAggregation === 'max' || timeAggregation === 'min') && !change;
  return wantedOf(expression, isExtreme ? timeAggregation : 'avg');
}

function wantedOf(expression: Expression, wanted: Wanted): Leaf[] {
  switch (expression.kind) {
    case 'number':
      return [];
    case 'series': {
      const rollup = expression.modifiers.find((each) => each.name === 'rollup');
      const method = rollup === undefined ? wanted : rollup.method;
      return [{ leaf: expression, wanted: method === 'max' || method === 'min' ? method : 'avg' }];
    }
    case 'call':
      return expression.args.flatMap((each) => wantedOf(each, 'avg'));
    case 'binary':
      return [expression.left, expression.right].flatMap((side) => wantedOf(side, sideWanted(expression, wanted)));
  }
}

/** With a positive number on the other side the highest value stays the highest, or in `100 - x` becomes the lowest. */
function sideWanted({ left, right, operator }: Extract<Expression, { kind: 'binary' }>, wanted: Wanted): Wanted {
  const number = left.kind === 'number' ? left.value : right.kind === 'number' ? right.value : undefined;
  if (number === undefined || (number <= 0 && '*/'.includes(operator)) || wanted === 'avg') return 'avg';
  if (left.kind !== 'number' || '+*'.includes(operator)) return wanted;
  if (operator === '/') return 'avg';
  return wanted === 'max' ? 'min' : 'max';
}
