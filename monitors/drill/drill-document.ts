// The result of a drill, for programs and for people.

import type { Alarms, DrilledMonitor } from '../../model/alarms.ts';
import type { Finding } from '../../model/finding.ts';
import { present } from '../../model/present.ts';
import { monitorFinding } from '../messages.ts';
import type { BreachReport } from './breach.ts';
import type { Watched } from './watch-monitors.ts';

export type DrillDocument = NonNullable<Alarms['drill']>;

/** One monitor: what was seen of it against the breach that the samples show. `silence` is why it did not fire. */
export function drilledMonitor(
  key: string,
  seen: Watched,
  { firstMs, lastMs }: Pick<BreachReport, 'firstMs' | 'lastMs'>,
  mustFire: boolean,
  silence: Finding | undefined,
): DrilledMonitor {
  const { firedMs, recoveredMs, last, alertingBefore } = seen;
  const firedAfterS = secondsBetween(firstMs, firedMs);
  const recoveredAfterS = secondsBetween(lastMs, recoveredMs);
  const reason = alertingBefore
    ? monitorFinding('alerting-before-drill')
    : (silence ?? tooEarly(firedAfterS, recoveredAfterS));
  const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
  const late = (seconds = -1) => (seconds >= 0 ? seconds : undefined);
  return present({
    key,
    id: last?.id,
    mustFire,
    fired: firedMs !== undefined,
    firedAfterS: late(firedAfterS),
    recovered: recoveredMs !== undefined,
    recoveredAfterS: late(recoveredAfterS),
    breachedAt: iso(firstMs),
    firedAt: iso(firedMs),
    recoveredAt: iso(recoveredMs),
    reason,
  });
}

function secondsBetween(fromMs: number | undefined, toMs: number | undefined): number | undefined {
  return fromMs === undefined || toMs === undefined ? undefined : (toMs - fromMs) / 1000;
}

/** Datadog may have crossed the threshold by samples that were not recorded here, or by a clock of its own. */
function tooEarly(firedAfterS = 0, recoveredAfterS = 0): Finding | undefined {
  if (firedAfterS < 0) return monitorFinding('fired-before-breach', { earlyS: -firedAfterS });
  if (recoveredAfterS < 0) return monitorFinding('recovered-before-breach-ended', { earlyS: -recoveredAfterS });
  return undefined;
}

/** One line a monitor, then the warnings. */
export function drillText({ monitors, warnings }: DrillDocument): string {
  const width = Math.max(...monitors.map(({ key }) => key.length));
  const after = (seconds: number | undefined) => (seconds === undefined ? '' : ` after ${Math.round(seconds)} s`);
  const lines = monitors.map(({ key, mustFire, fired, firedAfterS, recovered, recoveredAfterS, reason }) => {
    const state = fired
      ? `fired${after(firedAfterS)}, ${recovered ? `recovered${after(recoveredAfterS)}` : 'did not recover'}`
      : `silent${mustFire ? ', but had to fire' : ''}`;
    return `${key.padEnd(width)}  ${state}${reason === undefined ? '' : `: ${reason.text}`}`;
  });
  const isStopped = warnings.some(({ code }) => code === 'drill-stopped');
  const proved = isStopped || monitors.some(({ mustFire }) => mustFire);
  const nothing = proved ? [] : ['The drill proved nothing: the load crossed no threshold. Increase the load'];
  return [...lines, ...nothing, ...warnings.map(({ text }) => text)].join('\n');
}
