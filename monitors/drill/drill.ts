// `monitors drill`: during load, whether each monitor fires, how late, and whether it recovers.
import type { Invocation } from '../../model/command-line.ts';
import type { Finding } from '../../model/finding.ts';
import type { HostLine } from '../../model/second.ts';
import { UserError } from '../../model/user-error.ts';
import { datadogSamples } from '../datadog/source.ts';
import { monitorFinding } from '../messages.ts';
import { type RecordedSeries, seriesOfSamples } from '../query/recorded-series.ts';
import type { MonitorDefinition } from '../spec/definition.ts';
import { breachOf } from './breach.ts';
import { type DrillDocument, drilledMonitor, drillText } from './drill-document.ts';
import { silenceReason } from './silence.ts';
import { type Watched, type WatchOptions, watchMonitors } from './watch-monitors.ts';

export type DrillOptions = WatchOptions & {
  /** The samples of the host so far; without it Datadog's own points are used. */
  readonly samples?: (() => readonly HostLine[]) | undefined;
  /** Of the samples, the source that thresholds are judged by. */
  readonly primary?: string | undefined;
  /** Keys of the monitors that have to fire, instead of those whose thresholds the samples cross. */
  readonly expect?: readonly string[] | undefined;
  /** A downtime of this run silences the notifications; the states change nevertheless. */
  readonly mutedOnPurpose?: boolean | undefined;
  /** How the user started headroom, for hints. */
  readonly invocation: Invocation;
};
export type DrillResult = { readonly document: DrillDocument; readonly text: string; readonly exitCode: 0 | 3 | 4 };

/** Follows the monitors. Exit code 3: a monitor that had to fire stayed silent; 4: none had to, so nothing was proven. */
export async function drill(options: DrillOptions): Promise<DrillResult> {
  const { definitions, clock } = options;
  const unknown = options.expect?.find((key) => !definitions.some((definition) => definition.key === key));
  if (unknown !== undefined) {
    throw new UserError(
      `--expect ${unknown}: unknown monitor. The monitors are ${definitions.map(({ key }) => key).join(', ')}`,
    );
  }
  const beganMs = clock.now();
  const { watched, warnings } = await watchMonitors(options, mustFireKeys(options));
  if (options.stop?.aborted) return stoppedDrill(options, watched, warnings);
  try {
    return await judgeDrill(options, watched, warnings, beganMs);
  } catch (error) {
    // A stop also ends the wait for the host's points.
    if (!options.stop?.aborted) throw error;
    return stoppedDrill(options, watched, warnings);
  }
}

async function judgeDrill(
  options: DrillOptions,
  watched: ReadonlyMap<string, Watched>,
  warnings: readonly Finding[],
  fromMs: number,
): Promise<DrillResult> {
  const toMs = options.clock.now();
  const series = await recordedSeries(options, fromMs, toMs);
  const monitors: DrillDocument['monitors'][number][] = [];
  for (const definition of options.definitions) {
    const seen = watched.get(definition.key) ?? {};
    monitors.push(await judgeMonitor(options, definition, seen, { series, fromMs, toMs }));
  }
  const document = { monitors, warnings: [...warnings] };
  const due = monitors.filter(({ mustFire }) => mustFire);
  const exitCode = due.length === 0 ? 4 : due.every(({ fired }) => fired) ? 0 : 3;
  return { document, text: drillText(document), exitCode };
}

async function judgeMonitor(
  { datadog, host, expect, mutedOnPurpose, invocation }: DrillOptions,
  definition: MonitorDefinition,
  seen: Watched,
  span: { readonly series: readonly RecordedSeries[]; readonly fromMs: number; readonly toMs: number },
): Promise<DrillDocument['monitors'][number]> {
  const measured = breachOf(definition, span.series);
  const mustFire = expect ? expect.includes(definition.key) : measured.mustFire;
  const isSilent = mustFire && seen.firedMs === undefined && !seen.alertingBefore;
  const stored = seen.last && { ...seen.last, muted: seen.last.muted && !mutedOnPurpose };
  const silence = isSilent
    ? await silenceReason({ ...span, datadog, host, definition, stored, measured, invocation })
    : undefined;
  return drilledMonitor(definition.key, seen, measured, mustFire, silence);
}

async function recordedSeries(
  { datadog, host, clock, samples, primary }: DrillOptions,
  fromMs: number,
  toMs: number,
): Promise<RecordedSeries[]> {
  if (samples) return seriesOfSamples(samples(), host, primary);
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  return seriesOfSamples((await datadogSamples({ datadog, host, from, to, clock })).lines, host, primary);
}

/** What was seen until the stop. Without the host's points it is unknown which of the other monitors had to fire. */
function stoppedDrill(
  { definitions }: DrillOptions,
  watched: ReadonlyMap<string, Watched>,
  warnings: readonly Finding[],
): DrillResult {
  const monitors = definitions.map(({ key }) => drilledMonitor(key, watched.get(key) ?? {}, {}, false, undefined));
  const document = { monitors, warnings: [...warnings, monitorFinding('drill-stopped')] };
  return { document, text: drillText(document), exitCode: 4 };
}

/** The monitors to wait for. As long as there are no samples all of them, since any may have to fire. */
function mustFireKeys({ definitions, expect, samples, host, primary }: DrillOptions): () => ReadonlySet<string> {
  return () => {
    if (expect) return new Set(expect);
    if (!samples) return new Set(definitions.map(({ key }) => key));
    const series = seriesOfSamples(samples(), host, primary);
    return new Set(definitions.filter((each) => breachOf(each, series).mustFire).map(({ key }) => key));
  };
}
