// Why a monitor that had to fire stayed silent.
import { UserError } from '../../model/user-error.ts';
import type { Datadog } from '../datadog/datadog.ts';
import type { StoredMonitor } from '../datadog/records.ts';
import { samplesOf } from '../datadog/source.ts';
import { parseQuery } from '../query/query.ts';
import { seriesOf } from '../query/query-expression.ts';
import { seriesOfSamples } from '../query/recorded-series.ts';
import type { MonitorDefinition } from '../spec/definition.ts';
import { queryText } from '../spec/wanted-monitor.ts';
import { type BreachReport, breachOf } from './breach.ts';

/** One sentence, by what Datadog has of the window and by what was measured on the host. */
export async function silenceReason(options: SilenceOptions): Promise<string> {
  try {
    return await findReason(options);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    // What was watched for so long is not to be lost over a question about it.
    return `why is not known: ${error.message}`;
  }
}

type SilenceOptions = {
  readonly datadog: Datadog;
  readonly host: string;
  readonly definition: MonitorDefinition;
  /** Absent when Datadog does not have the monitor. */
  readonly stored: StoredMonitor | undefined;
  /** By the samples from the host itself. */
  readonly measured: BreachReport;
  readonly fromMs: number;
  readonly toMs: number;
};

async function findReason(options: SilenceOptions): Promise<string> {
  const { datadog, host, definition, stored, measured } = options;
  if (!stored) return 'Datadog does not have it: run `npm run monitors -- apply`';
  if (stored.muted) return 'it is muted: a downtime silences it';
  if (stored.query !== queryText(definition)) return `Datadog has another query: ${stored.query}: run apply`;
  const { critical } = definition.thresholds;
  const leaves = seriesOf(parseQuery(queryText(definition)).expression);
  const [fromS, toS] = [Math.floor(options.fromMs / 1000), Math.ceil(options.toMs / 1000)];
  const seen = [];
  for (const { metric, scope } of leaves) {
    const query = `avg:${metric}{${scope.tags.join(',') || '*'}}.rollup(avg, 15)`;
    const points = (await datadog.queryMetrics(query, fromS, toS)).flatMap((each) => each.points);
    if (points.length === 0) return noDataReason(datadog, metric, scope.tags.join(','), fromS, toS);
    const isoPoints = points.map(([at, value]) => [new Date(at).toISOString(), value] as const);
    seen.push({ metric, query, unit: '', intervalS: 15, points: isoPoints });
  }
  const document = { host, from: '', to: '', series: seen, missing: [] };
  const reported = breachOf(definition, seriesOfSamples(samplesOf(document), host));
  if (reported.mustFire) return 'Datadog has the points and evaluated them late, or not at all: wait longer';
  if (reported.firstMs !== undefined) {
    return `its window is too long: single points came to ${round(reported.worstPoint)}, the window only to ${round(reported.worstWindow)} (critical: ${critical})`;
  }
  const other = measured.firstMs === undefined ? '' : `, though ${round(measured.worstPoint)} was measured on the host`;
  return `its threshold is too high: Datadog saw ${round(reported.worstPoint)}${other} (critical: ${critical})`;
}

async function noDataReason(
  datadog: Datadog,
  metric: string,
  scope: string,
  fromS: number,
  toS: number,
): Promise<string> {
  const elsewhere = await datadog.queryMetrics(`avg:${metric}{*} by {host}`, fromS, toS);
  if (elsewhere.length === 0) return `no data: nobody sends ${metric}`;
  const scopes = [...new Set(elsewhere.map((each) => each.scope))].slice(0, 5).join(', ');
  return `wrong host tag: Datadog has ${metric} for ${scopes}, not for ${scope}`;
}

function round(value: number | undefined): string {
  return value === undefined ? 'nothing' : String(Number(value.toPrecision(4)));
}
