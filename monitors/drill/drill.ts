// `monitors drill`: while the load goes, does the alarm fire, how late, and does it recover?
import type { DrilledMonitor } from '../../model/alarms.ts';
import type { HostLine } from '../../model/second.ts';
import { UserError } from '../../model/user-error.ts';
import { datadogSamples } from '../datadog/source.ts';
import { seriesOfSamples } from '../query/recorded-series.ts';
import { breachOf } from './breach.ts';
import { silenceReason } from './silence.ts';
import { type Watched, type WatchOptions, watchMonitors } from './watch-monitors.ts';

export type DrillDocument = { readonly monitors: DrilledMonitor[]; readonly warnings: string[] };
export type DrillOptions = WatchOptions & {
  /** What was sampled on the host up to now; without it Datadog's own points are taken. */
  readonly samples?: (() => readonly HostLine[]) | undefined;
  /** Of the samples, the source that judges. */
  readonly primary?: string | undefined;
  /** Keys that have to fire, instead of those whose thresholds the samples pass. */
  readonly expect?: readonly string[] | undefined;
  /** Whoever holds the drill has silenced the messages; the states change all the same. */
  readonly mutedOnPurpose?: boolean | undefined;
};

/** Follows the monitors. `exitCode` 3: one that had to fire stayed silent; 4: none had to, so nothing was proven. */
export async function drill(
  options: DrillOptions,
): Promise<{ document: DrillDocument; text: string; exitCode: 0 | 3 | 4 }> {
  const { definitions, clock } = options;
  const unknown = options.expect?.find((key) => !definitions.some((definition) => definition.key === key));
  if (unknown !== undefined) {
    throw new UserError(`no monitor is called ${unknown}: there are ${definitions.map(({ key }) => key).join(', ')}`);
  }
  const beganMs = clock.now();
  const { watched, warnings } = await watchMonitors(options, mustFireKeys(options));
  if (options.stop?.aborted) return cutShort(options, watched, warnings);
  try {
    return await judgeDrill(options, watched, warnings, beganMs);
  } catch (error) {
    // A stop ends the waits for the host's points too.
    if (!options.stop?.aborted) throw error;
    return cutShort(options, watched, warnings);
  }
}

async function judgeDrill(
  options: DrillOptions,
  watched: ReadonlyMap<string, Watched>,
  warnings: string[],
  beganMs: number,
): Promise<{ document: DrillDocument; text: string; exitCode: 0 | 3 | 4 }> {
  const { datadog, host, definitions, clock } = options;
  const endedMs = clock.now();
  const samples =
    options.samples?.() ??
    (
      await datadogSamples({
        datadog,
        host,
        from: new Date(beganMs).toISOString(),
        to: new Date(endedMs).toISOString(),
        clock,
      })
    ).lines;
  const series = seriesOfSamples(samples, host, options.primary);
  const monitors: DrilledMonitor[] = [];
  for (const definition of definitions) {
    const measured = breachOf(definition, series);
    const mustFire = options.expect ? options.expect.includes(definition.key) : measured.mustFire;
    const seen = watched.get(definition.key) ?? {};
    const fired = seen.firedMs !== undefined;
    const silence =
      mustFire && !fired
        ? await silenceReason({
            datadog,
            host,
            definition,
            stored: seen.last && { ...seen.last, muted: seen.last.muted && !options.mutedOnPurpose },
            measured,
            fromMs: beganMs,
            toMs: endedMs,
          })
        : undefined;
    monitors.push(drilled(definition.key, seen, measured, mustFire, silence));
  }
  const document = { monitors, warnings };
  const exitCode = monitors.some(({ mustFire, fired }) => mustFire && !fired)
    ? 3
    : monitors.some(({ mustFire }) => mustFire)
      ? 0
      : 4;
  const hint =
    exitCode === 4 ? ['no monitor had to fire: the load did not pass any threshold, so nothing was proven'] : [];
  return { document, text: drillText(document, hint), exitCode };
}

/** What was seen until somebody stopped the drill; without the host's points nobody knows which of the rest had to fire. */
function cutShort(
  { definitions }: DrillOptions,
  watched: ReadonlyMap<string, Watched>,
  warnings: readonly string[],
): { document: DrillDocument; text: string; exitCode: 4 } {
  const monitors = definitions.map(({ key }) => drilled(key, watched.get(key) ?? {}, {}, false, undefined));
  const document = {
    monitors,
    warnings: [...warnings, 'the drill was stopped before it was over: who had to fire was not judged'],
  };
  return { document, text: drillText(document, []), exitCode: 4 };
}

/** Who never has to fire is not waited for. Without samples nobody knows yet, so everybody is. */
function mustFireKeys({ definitions, expect, samples, host, primary }: DrillOptions): () => ReadonlySet<string> {
  return () => {
    if (expect) return new Set(expect);
    if (!samples) return new Set(definitions.map(({ key }) => key));
    const series = seriesOfSamples(samples(), host, primary);
    return new Set(definitions.filter((each) => breachOf(each, series).mustFire).map(({ key }) => key));
  };
}

function drilled(
  key: string,
  { firedMs, recoveredMs, last, alertingBefore }: Watched,
  { firstMs, lastMs }: { readonly firstMs?: number; readonly lastMs?: number },
  mustFire: boolean,
  silence: string | undefined,
): DrilledMonitor {
  const reason = alertingBefore ? 'it was alerting before the drill began, and still is' : silence;
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    key,
    ...(last && { id: last.id }),
    mustFire,
    fired: firedMs !== undefined,
    ...(firedMs !== undefined && firstMs !== undefined && { firedAfterS: (firedMs - firstMs) / 1000 }),
    recovered: recoveredMs !== undefined,
    ...(recoveredMs !== undefined && lastMs !== undefined && { recoveredAfterS: (recoveredMs - lastMs) / 1000 }),
    ...(firstMs !== undefined && { breachedAt: iso(firstMs) }),
    ...(firedMs !== undefined && { firedAt: iso(firedMs) }),
    ...(recoveredMs !== undefined && { recoveredAt: iso(recoveredMs) }),
    ...(reason !== undefined && { reason }),
  };
}

function drillText({ monitors, warnings }: DrillDocument, hint: readonly string[]): string {
  const width = Math.max(...monitors.map(({ key }) => key.length));
  const after = (seconds: number | undefined) => (seconds === undefined ? '' : ` after ${Math.round(seconds)} s`);
  const lines = monitors.map(({ key, mustFire, fired, firedAfterS, recovered, recoveredAfterS, reason }) => {
    const state = fired
      ? `fired${after(firedAfterS)}, ${recovered ? `recovered${after(recoveredAfterS)}` : 'not recovered'}`
      : `silent${mustFire ? ' THOUGH IT HAD TO FIRE' : ''}`;
    return `${key.padEnd(width)}  ${state}${reason === undefined ? '' : `: ${reason}`}`;
  });
  return [...lines, ...hint, ...warnings].join('\n');
}
