// alarms.json -> what a report says of the monitors.
import { type Alarms, alarmValue, type BacktestedMonitor, type DrilledMonitor } from '../../model/alarms.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { formatDuration } from '../format/format.ts';
import type { JudgedAlarm, JudgedAlarms, Span } from '../schema/judged-alarms.ts';

/** The monitors of a run, those of the backtest in their order; undefined when that phase never ran. */
export function judgeAlarms(run: RunRecord, alarms: Alarms | undefined): JudgedAlarms | undefined {
  if (!alarms) return undefined;
  const began = Date.parse(run.startedAt);
  const atS = (iso: string): number => (Date.parse(iso) - began) / 1000;
  const drilled = new Map(alarms.drill?.monitors.map((each) => [each.key, each]));
  return {
    host: alarms.host,
    monitors: alarms.backtest.map((each): JudgedAlarm => {
      const drill = drilled.get(each.key);
      return {
        key: each.key,
        query: each.query,
        backtest: judgeBacktest(each, atS),
        ...(drill && { drill: judgeDrill(drill, atS) }),
      };
    }),
    notes: notesOf(run, alarms),
  };
}

/** One sentence for each monitor that had to fire in a drill and did not. */
export function describeSilent(alarms: JudgedAlarms | undefined): string[] {
  return (alarms?.monitors ?? []).flatMap(({ key, drill }) =>
    drill?.mustFire && !drill.fired
      ? [`the monitor ${key} had to fire and stayed silent${drill.reason === undefined ? '' : `: ${drill.reason}`}`]
      : [],
  );
}

/** What went wrong with a drill that proves nothing. */
export function drillWarnings(alarms: Alarms | undefined): string[] {
  if (!alarms?.drill) return [];
  const { monitors, warnings } = alarms.drill;
  const nothing = monitors.length > 0 && !monitors.some(({ mustFire }) => mustFire);
  return [
    ...warnings.map((each) => `drill: ${each}`),
    ...(nothing ? ['the drill proved nothing: the load passed the threshold of no monitor'] : []),
  ];
}

function judgeBacktest(monitor: BacktestedMonitor, atS: (iso: string) => number): JudgedAlarm['backtest'] {
  const { transitions, noData, worst, unit } = monitor;
  const alerts: Span[] = [];
  for (const { at, from, to } of transitions) {
    const last = alerts.at(-1);
    if (from === 'Alert' && last) last.toS = atS(at);
    if (to === 'Alert') alerts.push({ fromS: atS(at) });
  }
  const first =
    transitions.find(({ to }) => to === 'Alert') ?? transitions.find(({ to }) => to === 'Warn' || to === 'No Data');
  return {
    result:
      noData !== undefined ? 'no-data' : first === undefined ? 'silent' : first.to === 'Warn' ? 'warning' : 'alert',
    alerts,
    ...(first && { firstS: atS(first.at) }),
    why: noData ?? first?.why ?? `it came to ${alarmValue(worst ?? 0, unit)}`,
  };
}

function judgeDrill(drilled: DrilledMonitor, atS: (iso: string) => number): NonNullable<JudgedAlarm['drill']> {
  const { key: _, id: __, breachedAt, firedAt, recoveredAt, ...rest } = drilled;
  return {
    ...rest,
    ...(breachedAt !== undefined && { breachedS: atS(breachedAt) }),
    ...(firedAt !== undefined && {
      alert: { fromS: atS(firedAt), ...(recoveredAt !== undefined && { toS: atS(recoveredAt) }) },
    }),
  };
}

function notesOf(run: RunRecord, { backtest }: Alarms): string[] {
  const durationS = (Date.parse(run.finishedAt ?? run.startedAt) - Date.parse(run.startedAt)) / 1000;
  const long = backtest.filter(({ windowS = 0, noData }) => noData === undefined && windowS > durationS);
  return [
    'Evaluated over what this run recorded, minute by minute as Datadog does; Datadog itself was not asked.',
    ...(long.length > 0
      ? [
          `The run lasted ${formatDuration(durationS)}, the windows of ${long.map(({ key }) => key).join(', ')} are longer: what was before it is not known, and a window holds the run alone.`,
        ]
      : []),
  ];
}
