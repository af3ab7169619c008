// Evaluates a monitor's query minute by minute, as Datadog does.
import { datadogOnly } from './datadog-only.ts';
import { aggregate, argumentOfAbs, evaluateExpression, seriesRows } from './evaluate-expression.ts';
import { fittingSeries } from './fit-series.ts';
import type { MonitorQuery } from './query.ts';
import { type Expression, isCounted, isSpaceAggregation, type SpaceAggregation, seriesOf } from './query-expression.ts';
import type { Window } from './query-window.ts';
import type { RecordedSeries } from './recorded-series.ts';
import { arithmetic, changedRow, type Row } from './rows.ts';

export type Evaluation = {
  readonly atMs: number;
  /** Absent when the window has no data points. */
  readonly value?: number;
};

/**
 * The evaluations of each group from the first point to the last, with the windows moved back by the delay. Empty when no series
 * matches. Throws an Error for what only Datadog can evaluate.
 */
export function evaluateQuery(
  query: MonitorQuery,
  all: readonly RecordedSeries[],
  evaluationDelayS = 0,
): Map<string, Evaluation[]> {
  const only = datadogOnly(query);
  if (only) throw new Error(`only Datadog can evaluate ${only.name}`);
  const series = fittingSeries(query, all);
  const leaves = seriesOf(query.expression);
  const windows = usesCounts(query.expression) ? countWindows(query, series) : rowWindows(query, series);
  const used = series.filter(({ metric }) => leaves.some((leaf) => leaf.metric === metric));
  const firstMs = Math.min(...used.map(({ points }) => points[0]?.[0] ?? Number.POSITIVE_INFINITY));
  const lastMs = Math.max(...used.map(({ points }) => points.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY));
  const result = new Map<string, Evaluation[]>();
  if (!Number.isFinite(firstMs)) return result;
  const stepMs = 1000 * everyS(query.window.lengthS);
  const delayMs = 1000 * evaluationDelayS;
  for (const [group, valueAt] of windows) {
    const evaluations: Evaluation[] = [];
    for (
      let atMs = Math.ceil((firstMs + delayMs) / stepMs) * stepMs;
      atMs < lastMs + delayMs + stepMs;
      atMs += stepMs
    ) {
      const value = valueAt(atMs - delayMs);
      evaluations.push(value === undefined ? { atMs } : { atMs, value });
    }
    result.set(group, evaluations);
  }
  return result;
}

/** How often Datadog evaluates, by the length of the window. */
function everyS(windowS: number): number {
  if (windowS < 24 * 3600) return 60;
  return windowS <= 48 * 3600 ? 600 : 1800;
}

/** The value of the window that ends at this time. */
type WindowValue = (endMs: number) => number | undefined;

/** Arithmetic bucket by bucket, then the change of each bucket, then the aggregation over time. */
function rowWindows(query: MonitorQuery, series: readonly RecordedSeries[]): Map<string, WindowValue> {
  const rows = evaluateExpression(query.expression, series);
  if (typeof rows === 'number') throw new Error('the query has no series');
  const { change, window } = query;
  const timeAggregation = plainAggregation(query);
  const changed = (row: Row) => (change ? changedRow(row, 1000 * change.shiftS, change.kind === 'pct_change') : row);
  return new Map([...rows].map(([group, row]) => [group, windowValue(changed(row), window, timeAggregation)]));
}

/** Arithmetic with counts: the aggregation over time first. 5xx / total over five minutes is the ratio of the sums, not the sum of the ratios. */
function countWindows(query: MonitorQuery, series: readonly RecordedSeries[]): Map<string, WindowValue> {
  const leaves = new Map(
    seriesOf(query.expression).map((leaf) => [
      leaf as Expression,
      new Map(
        [...seriesRows(leaf, series)].map(([group, row]) => [
          group,
          windowValue(row, query.window, plainAggregation(query)),
        ]),
      ),
    ]),
  );
  const groups = new Set([...leaves.values()].flatMap((rows) => [...rows.keys()]));
  const valueIn = (expression: Expression, group: string, endMs: number): number | undefined => {
    switch (expression.kind) {
      case 'number':
        return expression.value;
      case 'series': {
        const rows = leaves.get(expression);
        return (rows?.get(group) ?? rows?.get(''))?.(endMs);
      }
      case 'binary': {
        const left = valueIn(expression.left, group, endMs);
        const right = valueIn(expression.right, group, endMs);
        const value =
          left === undefined || right === undefined ? undefined : arithmetic[expression.operator](left, right);
        return value !== undefined && Number.isFinite(value) ? value : undefined;
      }
      case 'call': {
        const value = valueIn(argumentOfAbs(expression), group, endMs);
        return value === undefined ? undefined : Math.abs(value);
      }
    }
  };
  return new Map([...groups].map((group) => [group, (endMs: number) => valueIn(query.expression, group, endMs)]));
}

/** Throws an Error for that of a distribution. */
function plainAggregation({ timeAggregation }: MonitorQuery): SpaceAggregation {
  if (isSpaceAggregation(timeAggregation)) return timeAggregation;
  throw new Error(`only Datadog can evaluate ${timeAggregation}`);
}

function usesCounts(expression: Expression): boolean {
  return expression.kind !== 'series' && seriesOf(expression).some(isCounted);
}

/** Windows usually slide forward, so the search starts where the last window was. */
function windowValue({ times, values }: Row, window: Window, how: SpaceAggregation): WindowValue {
  let from = 0;
  let to = 0;
  return (endMs) => {
    const beginMs = windowBeginMs(window, endMs);
    while (from > 0 && (times[from - 1] as number) > beginMs) from--;
    while (from < times.length && (times[from] as number) <= beginMs) from++;
    while (to > 0 && (times[to - 1] as number) > endMs) to--;
    while (to < times.length && (times[to] as number) <= endMs) to++;
    return from < to ? aggregate(values, how, from, to) : undefined;
  };
}

function windowBeginMs({ kind, lengthS }: Window, endMs: number): number {
  if (kind === 'last') return endMs - 1000 * lengthS;
  const end = new Date(endMs - 1);
  if (lengthS <= 3600) return end.setUTCMinutes(0, 0, 0);
  if (lengthS <= 86_400) return end.setUTCHours(0, 0, 0, 0);
  end.setUTCDate(1);
  return end.setUTCHours(0, 0, 0, 0);
}
