// Follows the states of monitors, one call per look.
import type { Finding } from '../../model/finding.ts';
import { UserError } from '../../model/user-error.ts';
import type { Clock } from '../datadog/clock.ts';
import type { Datadog } from '../datadog/datadog.ts';
import type { StoredMonitor } from '../datadog/records.ts';
import { monitorFinding } from '../messages.ts';
import { parseQuery } from '../query/query.ts';
import type { MonitorDefinition } from '../spec/definition.ts';
import { isAboutHost, ownedKey, ownerTag, queryText } from '../spec/wanted-monitor.ts';

export type WatchOptions = {
  readonly datadog: Datadog;
  readonly host: string;
  readonly definitions: readonly MonitorDefinition[];
  /** Settles when the load is over. */
  readonly load: Promise<unknown>;
  readonly clock: Clock;
  /** Between two looks (10). */
  readonly pollS?: number;
  /** How long to follow each monitor after the load (see recoveryTimeS). */
  readonly afterS?: number;
  readonly onProgress?: (text: string) => void;
  /** Ends the watch early; what was seen until then is kept. It must also end the clock's sleeps. */
  readonly stop?: AbortSignal | undefined;
};

export type Watched = {
  firedMs?: number;
  recoveredMs?: number;
  last?: StoredMonitor;
  /** The monitor was in Alert when the watch began, and has not left it. */
  alertingBefore?: boolean;
};

/** Follows the monitors until all that must fire have fired and recovered, or the time is up. A failed look is a gap and a warning. */
export async function watchMonitors(
  options: WatchOptions,
  mustFire: () => ReadonlySet<string>,
): Promise<{ readonly watched: ReadonlyMap<string, Watched>; readonly warnings: Finding[] }> {
  const { definitions, clock, stop, pollS = 10 } = options;
  const beganMs = clock.now();
  const watched = new Map<string, Watched>(definitions.map(({ key }) => [key, {}]));
  const warnings: Finding[] = [];
  const load = followLoad(options.load, clock);
  let hasSaid = false;
  for (let isFirst = true; ; isFirst = false) {
    try {
      await look(options, watched, isFirst, beganMs);
    } catch (error) {
      if (!isFirst && stop?.aborted) break;
      // The first look shows whether the drill is possible at all.
      if (isFirst || !(error instanceof UserError)) throw error;
      warnings.push(monitorFinding('look-failed', { at: new Date(clock.now()).toISOString(), cause: error.message }));
    }
    if (load.overMs !== undefined && !hasSaid) {
      hasSaid = true;
      sayWaiting(options, watched, mustFire(), load.overMs);
    }
    if (load.overMs !== undefined && isDone(options, watched, mustFire(), clock.now() - load.overMs)) break;
    try {
      await clock.sleep(pollS * 1000);
    } catch (error) {
      if (!stop?.aborted) throw error;
      break;
    }
  }
  // The harness reports its own failures; here a failure only ends the load.
  if (!stop?.aborted && load.failure) warnings.push(monitorFinding('load-failed', { cause: load.failure.message }));
  return { watched, warnings };
}

/** When the load ended, and by which error. */
function followLoad(load: Promise<unknown>, clock: Clock): { readonly overMs?: number; readonly failure?: Error } {
  const state: { overMs?: number; failure?: Error } = {};
  load.then(
    () => {
      state.overMs = clock.now();
    },
    (error) => {
      state.overMs = clock.now();
      state.failure = error;
    },
  );
  return state;
}

async function look(
  { datadog, host, clock, onProgress }: WatchOptions,
  watched: ReadonlyMap<string, Watched>,
  isFirst: boolean,
  beganMs: number,
): Promise<void> {
  for (const monitor of await datadog.listMonitors([ownerTag])) {
    const key = ownedKey(monitor.tags) ?? '';
    const each = watched.get(key);
    if (!each || !isAboutHost(monitor, host)) continue;
    note(each, monitor, { isFirst, beganMs, nowMs: clock.now() }, (text) => onProgress?.(`${key}: ${text}`));
  }
}

/** Whether it has yet to fire or to recover. One that Datadog does not have, or has no data for, cannot fire. */
function isAwaited({ firedMs, recoveredMs, last }: Watched, isDue: boolean): boolean {
  if (firedMs !== undefined) return recoveredMs === undefined;
  return isDue && last !== undefined && last.state !== 'No Data';
}

/** Says which monitors the drill waits for when the load is over, and until when at most. */
function sayWaiting(
  { definitions, onProgress, afterS }: WatchOptions,
  watched: ReadonlyMap<string, Watched>,
  due: ReadonlySet<string>,
  overMs: number,
): void {
  const awaited = definitions.filter(({ key }) => isAwaited(watched.get(key) ?? {}, due.has(key)));
  if (awaited.length === 0) return;
  const longestS = awaited.reduce((most, each) => Math.max(most, afterS ?? recoveryTimeS(each)), 0);
  const until = new Date(overMs + 1000 * longestS).toISOString().slice(11, 19);
  onProgress?.(`Waiting for ${awaited.map(({ key }) => key).join(', ')}, until ${until} UTC at most`);
}

/** Whether each monitor has fired and recovered, does not have to fire, or had its time. */
function isDone(
  { definitions, afterS }: WatchOptions,
  watched: ReadonlyMap<string, Watched>,
  due: ReadonlySet<string>,
  afterMs: number,
): boolean {
  return definitions.every((definition) => {
    const isTimeUp = afterMs >= 1000 * (afterS ?? recoveryTimeS(definition));
    return isTimeUp || !isAwaited(watched.get(definition.key) ?? {}, due.has(definition.key));
  });
}

function note(
  each: Watched,
  monitor: StoredMonitor,
  { isFirst, beganMs, nowMs }: { readonly isFirst: boolean; readonly beganMs: number; readonly nowMs: number },
  onProgress: (text: string) => void,
): void {
  each.last = monitor;
  if (isFirst && monitor.state === 'Alert') each.alertingBefore = true;
  // Datadog's own time of the change is more precise than the time of the look.
  const sinceMs = monitor.stateSinceMs !== undefined && monitor.stateSinceMs >= beganMs ? monitor.stateSinceMs : nowMs;
  if (monitor.state === 'Alert') {
    if (each.firedMs === undefined && !each.alertingBefore) {
      each.firedMs = sinceMs;
      onProgress('Alert');
    }
  } else if (each.alertingBefore) each.alertingBefore = false;
  else if (each.firedMs !== undefined && each.recoveredMs === undefined && monitor.state === 'OK') {
    each.recoveredMs = sinceMs;
    onProgress('recovered');
  }
}

/** Seconds after the load that a monitor has to recover: until the last breaching point has left its window, and 3 minutes. */
export function recoveryTimeS(definition: MonitorDefinition): number {
  return parseQuery(queryText(definition)).window.lengthS + (definition.evaluationDelayS ?? 0) + 180;
}
