// Why a monitor that had to fire stayed silent.
import type { Invocation } from '../../model/command-line.ts';
import type { Finding } from '../../model/finding.ts';
import { metricType } from '../../model/metric.ts';
import { UserError } from '../../model/user-error.ts';
import type { Datadog } from '../datadog/datadog.ts';
import type { StoredMonitor } from '../datadog/records.ts';
import { monitorFinding } from '../messages.ts';
import { parseQuery } from '../query/query.ts';
import { type SeriesExpression, seriesOf } from '../query/query-expression.ts';
import { agentIntervalS, type RecordedSeries } from '../query/recorded-series.ts';
import type { MonitorDefinition } from '../spec/definition.ts';
import { queryText } from '../spec/wanted-monitor.ts';
import { type BreachReport, breachOf } from './breach.ts';

type SilenceOptions = {
  readonly datadog: Datadog;
  readonly host: string;
  readonly definition: MonitorDefinition;
  readonly invocation: Invocation;
  /** Absent when Datadog does not have the monitor. */
  readonly stored: StoredMonitor | undefined;
  /** By the samples from the host itself. */
  readonly measured: BreachReport;
  readonly fromMs: number;
  readonly toMs: number;
};

/** The reason, from what Datadog received in the window and what was measured on the host. */
export async function silenceReason(options: SilenceOptions): Promise<Finding> {
  const { host, definition, stored, measured, invocation } = options;
  if (!stored) return monitorFinding('monitor-missing', { host, invocation });
  if (stored.muted) return monitorFinding('muted');
  if (stored.query !== queryText(definition))
    return monitorFinding('query-differs', { stored: stored.query, host, invocation });
  try {
    const received = await receivedBreach(options);
    return 'code' in received ? received : thresholdReason(received, measured, definition.thresholds.critical);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // The drill itself took minutes: a failed question about it must not lose it.
    return monitorFinding('reason-unknown', { cause: error.message });
  }
}

/** What Datadog's points of the window say about the monitor, or that it has none. */
async function receivedBreach(options: SilenceOptions): Promise<BreachReport | Finding> {
  const { datadog, definition } = options;
  const [fromS, toS] = [Math.floor(options.fromMs / 1000), Math.ceil(options.toMs / 1000)];
  const series: RecordedSeries[] = [];
  for (const leaf of seriesOf(parseQuery(queryText(definition)).expression)) {
    const { metric, scope } = leaf;
    const how = metricType(metric) === 'count' ? 'sum' : 'avg';
    const query = `${how}:${metric}{${scope.text}}.rollup(${how}, ${agentIntervalS})`;
    const found = (await datadog.queryMetrics(query, fromS, toS)).flatMap((each) => each.points);
    if (found.length === 0) return noDataReason(datadog, leaf, fromS, toS);
    // A bucket has the time of its begin, a sample that of its end.
    const points = found.map(([at, value]) => [at + 1000 * agentIntervalS, value] as const);
    series.push({ metric, tags: scope.tags, intervalS: agentIntervalS, points });
  }
  return breachOf(definition, series);
}

function thresholdReason(received: BreachReport, measured: BreachReport, critical: number): Finding {
  const { mustFire, firstMs, worstPoint, worstWindow } = received;
  if (mustFire) return monitorFinding('evaluated-late');
  if (firstMs !== undefined && worstPoint !== undefined)
    return monitorFinding('window-too-long', { worstPoint, worstWindow, critical });
  const onHost = measured.firstMs === undefined ? undefined : measured.worstPoint;
  return monitorFinding('threshold-too-high', { worst: worstPoint, measured: onHost, critical });
}

async function noDataReason(datadog: Datadog, leaf: SeriesExpression, fromS: number, toS: number): Promise<Finding> {
  const { metric } = leaf;
  const elsewhere = await datadog.queryMetrics(`avg:${metric}{*} by {host}`, fromS, toS);
  if (elsewhere.length === 0) return monitorFinding('metric-not-sent', { metric });
  const found = [...new Set(elsewhere.map((each) => each.scope))].slice(0, 5);
  return monitorFinding('wrong-host-tag', { metric, found, wanted: leaf.scope.text });
}
