// alarms.json -> what a report states about the monitors.
import type { Alarms, BacktestedMonitor, DrilledMonitor } from '../../model/alarms.ts';
import type { Finding } from '../../model/finding.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { JudgedAlarm, JudgedAlarms, Span } from '../schema/judged-alarms.ts';
import { found } from '../schema/verdict-findings.ts';

/** The monitors of a run, in the order of the backtest; undefined when they were not evaluated. */
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
    notes: findNotes(run, alarms),
  };
}

/** The monitors that had to fire in a drill and did not. */
export function findSilent(alarms: JudgedAlarms | undefined): Finding[] {
  return (alarms?.monitors ?? []).flatMap(({ key, drill }) =>
    drill?.mustFire && !drill.fired
      ? [found('monitor-silent', { monitor: key, ...(drill.reason !== undefined && { reason: drill.reason }) })]
      : [],
  );
}

/** The warnings of the drill, and that it proved nothing. */
export function findDrillWarnings(alarms: Alarms | undefined): Finding[] {
  if (!alarms?.drill) return [];
  const { monitors, warnings } = alarms.drill;
  const nothing = monitors.length > 0 && !monitors.some(({ mustFire }) => mustFire);
  return [...warnings, ...(nothing ? [found('drill-proved-nothing', {})] : [])];
}

function judgeBacktest(monitor: BacktestedMonitor, atS: (iso: string) => number): JudgedAlarm['backtest'] {
  const { transitions, noData } = monitor;
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
    why: findWhy(monitor, noData ?? first?.why),
  };
}

/** The monitor's own reason, else the value nearest to firing. */
function findWhy({ worst = 0, unit }: BacktestedMonitor, why: Finding | undefined): Finding {
  if (why !== undefined) return why;
  return found('monitor-worst-value', { value: worst, ...(unit !== undefined && { unit }) });
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

function findNotes(run: RunRecord, { backtest, instanceType }: Alarms): Finding[] {
  const durationS = (Date.parse(run.finishedAt ?? run.startedAt) - Date.parse(run.startedAt)) / 1000;
  const long = backtest.filter(({ windowS = 0, noData }) => noData === undefined && windowS > durationS);
  return [
    instanceType === undefined ? found('backtest-offline', {}) : found('backtest-of-instance', { instanceType }),
    ...(long.length > 0 ? [found('window-longer-than-run', { durationS, monitors: long.map(({ key }) => key) })] : []),
  ];
}
