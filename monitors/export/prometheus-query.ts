// A Datadog query in PromQL, over the metrics of node_exporter.
import type { MonitorQuery } from '../query/query.ts';
import { type Expression, type SeriesExpression, seriesOf } from '../query/query-expression.ts';
import { type NodeMetric, nodeMetrics } from './node-exporter-metric.ts';

export type PrometheusQuery = {
  /** The value that is compared, one per instance. */
  readonly value: string;
  readonly windowS: number;
  /** A series that is there as long as the host sends metrics. */
  readonly presence: string;
  readonly metric: NodeMetric;
  /** The metric's value that makes the query's value `wanted`; undefined when the query has more than one metric. */
  readonly metricValue: (wanted: number) => number | undefined;
};

/** What Prometheus cannot evaluate, in words. */
export class NoCounterpart extends Error {
  override readonly name = 'NoCounterpart';
}

/** Points are looked at as often as the agent sends them. */
const resolution = '15s';

/** Translates a query about `host`. Throws a NoCounterpart for what Prometheus cannot evaluate. */
export function prometheusQuery(query: MonitorQuery, host: string): PrometheusQuery {
  const { timeAggregation, window, change, expression } = query;
  if (change) throw new NoCounterpart(`${change.kind}() has no counterpart`);
  if (window.kind === 'current')
    throw new NoCounterpart('a window from the start of an hour, day or month has no counterpart');
  if (timeAggregation === 'percentile') throw new NoCounterpart('percentile() of a distribution has no counterpart');
  if (timeAggregation === 'sum') throw new NoCounterpart('sum() over a window depends on how often points arrive');
  const all = seriesOf(expression);
  const [first] = all;
  if (!first) throw new NoCounterpart('the query has no metric');
  const at = instanceSelector(host);
  const windowS = window.lengthS;
  return {
    value: `${timeAggregation}_over_time((${promql(expression, at, host)})[${durationText(windowS)}:${resolution}])`,
    windowS,
    presence: metricOf(first).presence(at),
    metric: metricOf(first),
    metricValue: (wanted) => (all.length === 1 ? solved(expression, wanted) : undefined),
  };
}

/** Selects the exporters of a host by the label that Prometheus gives them: the name, with or without a port. */
export function instanceSelector(host: string): string {
  return `instance=~"${host.replaceAll('.', '\\\\.')}(:[0-9]+)?"`;
}

/** `5m`, `90s`. */
export function durationText(seconds: number): string {
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

function promql(expression: Expression, at: string, host: string): string {
  switch (expression.kind) {
    case 'number':
      return String(expression.value);
    case 'binary':
      return `(${promql(expression.left, at, host)}) ${expression.operator} (${promql(expression.right, at, host)})`;
    case 'call':
      throw new NoCounterpart(`${expression.name}() has no counterpart`);
    case 'series':
      checkSeries(expression, host);
      return metricOf(expression).query(at);
  }
}

function checkSeries({ scope, groupBy, modifiers }: SeriesExpression, host: string): void {
  const [modifier] = modifiers;
  if (modifier) throw new NoCounterpart(`.${modifier.name}() has no counterpart`);
  if (groupBy.length > 0) throw new NoCounterpart(`by {${groupBy.join(', ')}} has no counterpart`);
  if (scope.text !== `host:${host}`) throw new NoCounterpart(`{${scope.text}} is not the scope {host:${host}}`);
}

function metricOf({ metric }: SeriesExpression): NodeMetric {
  const found = nodeMetrics[metric];
  if (!found) throw new NoCounterpart(`node_exporter does not send ${metric}`);
  return found;
}

/** What the metric of a linear expression must be for it to be `wanted`. */
function solved(expression: Expression, wanted: number): number {
  const [atZero, atOne] = [valueAt(expression, 0), valueAt(expression, 1)];
  return (wanted - atZero) / (atOne - atZero);
}

function valueAt(expression: Expression, metric: number): number {
  if (expression.kind === 'number') return expression.value;
  if (expression.kind !== 'binary') return metric;
  const [left, right] = [valueAt(expression.left, metric), valueAt(expression.right, metric)];
  return { '+': left + right, '-': left - right, '*': left * right, '/': left / right }[expression.operator];
}
