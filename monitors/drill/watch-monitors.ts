// Follows the states of monitors, one call a look.
import { UserError } from '../../model/user-error.ts';
import type { Clock } from '../datadog/clock.ts';
import type { Datadog } from '../datadog/datadog.ts';
import type { StoredMonitor } from '../datadog/records.ts';
import { parseQuery } from '../query/query.ts';
import type { MonitorDefinition } from '../spec/definition.ts';
import { isAboutHost, ownedKey, ownerTag, queryText } from '../spec/wanted-monitor.ts';

export type WatchOptions = {
  readonly datadog: Datadog;
  readonly host: string;
  readonly definitions: readonly MonitorDefinition[];
  /** Resolves when the load is over. */
  readonly load: Promise<unknown>;
  readonly clock: Clock;
  /** Between two looks (10). */
  readonly pollS?: number;
  /** How long to look on after the load at each monitor; as long as its window takes to empty, and 3 minutes. */
  readonly afterS?: number;
  readonly onProgress?: (text: string) => void;
  /** Ends the watch early; what was seen until then stands. The clock's sleeps have to end by it too. */
  readonly stop?: AbortSignal | undefined;
};

export type Watched = {
  firedMs?: number;
  recoveredMs?: number;
  last?: StoredMonitor;
  /** It was in Alert when the watch began, and never left it. */
  alertingBefore?: boolean;
};

/** Looks until all that must fire have fired and recovered, or time is up; a look that fails is a gap and a warning. */
export async function watchMonitors(
  { datadog, host, definitions, load, clock, onProgress, stop, ...options }: WatchOptions,
  mustFire: () => ReadonlySet<string>,
): Promise<{ readonly watched: ReadonlyMap<string, Watched>; readonly warnings: string[] }> {
  const beganMs = clock.now();
  const { pollS = 10 } = options;
  const patienceMs = new Map(definitions.map((each) => [each.key, 1000 * (options.afterS ?? patienceS(each))]));
  const watched = new Map<string, Watched>(definitions.map(({ key }) => [key, {}]));
  const warnings: string[] = [];
  let overMs: number | undefined;
  let failed: unknown;
  load.then(
    () => {
      overMs = clock.now();
    },
    (error) => {
      overMs = clock.now();
      failed = error;
    },
  );
  for (let isFirst = true; ; isFirst = false) {
    try {
      for (const monitor of await datadog.listMonitors([ownerTag])) {
        const key = ownedKey(monitor.tags) ?? '';
        const each = watched.get(key);
        if (each && isAboutHost(monitor, host))
          note(each, monitor, { isFirst, beganMs, nowMs: clock.now() }, (text) => onProgress?.(`${key}: ${text}`));
      }
    } catch (error) {
      // The first look tells whether the drill can be held at all.
      if (!isFirst && stop?.aborted) break;
      if (isFirst || !(error instanceof UserError)) throw error;
      warnings.push(`${new Date(clock.now()).toISOString()}: ${error.message}`);
    }
    if (overMs !== undefined) {
      const due = mustFire();
      const afterMs = clock.now() - overMs;
      const isDone = ([key, { firedMs, recoveredMs }]: [string, Watched]) =>
        afterMs >= (patienceMs.get(key) ?? 0) || (firedMs === undefined ? !due.has(key) : recoveredMs !== undefined);
      if ([...watched].every(isDone)) break;
    }
    try {
      await clock.sleep(pollS * 1000);
    } catch (error) {
      if (!stop?.aborted) throw error;
      break;
    }
  }
  if (stop?.aborted) return { watched, warnings };
  // The harness reports its own failures; here it only means that the load is over.
  if (failed !== undefined) warnings.push(`the load failed: ${(failed as Error).message}`);
  return { watched, warnings };
}

function note(
  each: Watched,
  monitor: StoredMonitor,
  { isFirst, beganMs, nowMs }: { readonly isFirst: boolean; readonly beganMs: number; readonly nowMs: number },
  onProgress: (text: string) => void,
): void {
  each.last = monitor;
  if (isFirst && monitor.state === 'Alert') each.alertingBefore = true;
  // Datadog's own time of the change is better than that of the look at it.
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

/** Seconds after the load that a monitor gets to recover: until the last breaching point has left its window, and 3 minutes. */
export function patienceS(definition: MonitorDefinition): number {
  return parseQuery(queryText(definition)).window.lengthS + (definition.evaluationDelayS ?? 0) + 180;
}
