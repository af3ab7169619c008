// Whether a monitor had to fire by the samples, and since when.

import { max, min } from 'd3-array';
import { datadogOnly } from '../query/datadog-only.ts';
import { evaluateExpression } from '../query/evaluate-expression.ts';
import { evaluateQuery } from '../query/evaluate-query.ts';
import { compares, parseQuery } from '../query/query.ts';
import type { RecordedSeries } from '../query/recorded-series.ts';
import type { MonitorDefinition } from '../spec/definition.ts';
import { stateChanges } from '../spec/monitor-states.ts';
import { queryText } from '../spec/wanted-monitor.ts';

export type BreachReport = {
  /** Over its window the samples crossed the critical threshold. */
  readonly mustFire: boolean;
  /** Ends of the first and of the last interval whose own value crossed the threshold. */
  readonly firstMs?: number;
  readonly lastMs?: number;
  /** The value nearest to firing, of single points and of whole windows. Absent without data. */
  readonly worstPoint?: number;
  readonly worstWindow?: number;
};

/** Evaluates one definition over the samples. Without its metric, or when only Datadog can evaluate it, nothing has to fire. */
export function breachOf(definition: MonitorDefinition, series: readonly RecordedSeries[]): BreachReport {
  const { comparator, thresholds } = definition;
  const query = parseQuery(queryText(definition));
  if (datadogOnly(query)) return { mustFire: false };
  const rows = evaluateExpression(query.expression, series);
  const points = typeof rows === 'number' ? [] : [...rows.values()].flatMap(({ times, values }) => zip(times, values));
  const windows = [...evaluateQuery(query, series).values()];
  const worst = (values: readonly number[]) => (comparator.startsWith('<') ? min(values) : max(values));
  const beyond = points.filter(([, value]) => compares(value, comparator, thresholds.critical)).map(([at]) => at);
  const worstPoint = worst(points.map(([, value]) => value));
  const worstWindow = worst(windows.flat().flatMap(({ value }) => value ?? []));
  return {
    mustFire: windows.some((evaluations) => stateChanges(definition, evaluations).some(({ to }) => to === 'Alert')),
    ...(beyond.length > 0 && { firstMs: min(beyond) as number, lastMs: max(beyond) as number }),
    ...(worstPoint !== undefined && { worstPoint }),
    ...(worstWindow !== undefined && { worstWindow }),
  };
}

function zip(times: readonly number[], values: readonly number[]): [number, number][] {
  return times.map((at, index) => [at, values[index] as number]);
}
