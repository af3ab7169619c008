// The monitors as tables: over the recorded metrics (backtest), and in Datadog during the run (drill).
import { unevaluatedWords } from '../../model/alarms.ts';
import { formatDuration } from '../format/format.ts';
import { sentences, textOf } from '../messages/text-of.ts';
import type { JudgedAlarm, JudgedAlarms } from '../schema/judged-alarms.ts';
import { type Cell, figure, type Table, tableOf, text, words } from './table.ts';

const captions = {
  all: 'Would the monitors have fired?',
  fired: 'Monitors that would have fired',
  quiet: 'Monitors without an alert',
} as const;

/** Each monitor, whether it would have fired, when and why: `fired` those that would have fired or warned, `quiet` the others. */
export function backtestTable(alarms: JudgedAlarms | undefined, which: 'all' | 'fired' | 'quiet' = 'all'): Table {
  const isLoud = ({ backtest: { result } }: JudgedAlarm) => result === 'alert' || result === 'warning';
  return tableOf(
    (alarms?.monitors ?? []).filter((each) => which === 'all' || isLoud(each) === (which === 'fired')),
    [
      text('Monitor', ({ key }) => key),
      text('Would have fired', ({ backtest }) => resultCell(backtest)),
      duration('After', ({ backtest: { firstS } }) => firstS !== undefined && firstS),
      text('Why', ({ backtest }) => textOf(backtest.why)),
      ...(which === 'fired'
        ? []
        : [text('Alerts when', ({ query }: JudgedAlarm) => ({ text: query, kind: 'code' as const }))]),
    ],
    {
      caption: captions[which],
      empty: alarms ? 'No monitor would have fired.' : 'The monitors were not evaluated over this run.',
      notes: alarms && which !== 'fired' ? [`${sentences(alarms.notes)}.`] : [],
    },
  );
}

/** Each monitor of the drill, those that have to fire first; empty without a drill. */
export function drillTable(alarms: JudgedAlarms | undefined): Table {
  const drilled = (alarms?.monitors ?? []).flatMap(({ key, drill }) => (drill ? [{ key, ...drill }] : []));
  return tableOf(
    drilled.sort((a, b) => Number(b.mustFire || b.fired) - Number(a.mustFire || a.fired)),
    [
      text('Monitor', ({ key }) => key),
      text('Had to fire', ({ mustFire }) => (mustFire ? 'yes' : 'no')),
      text('In Datadog', ({ mustFire, fired }) => firedCell(mustFire, fired)),
      duration('After the first breach', ({ fired, firedAfterS }) => fired && firedAfterS),
      text('Recovered', ({ fired, recovered }) => (fired ? (recovered ? 'yes' : 'not by the end of the drill') : '')),
      duration('After the last breach', ({ recovered, recoveredAfterS }) => recovered && recoveredAfterS),
      text('Why', ({ reason }) => (reason ? textOf(reason) : '')),
    ],
    { caption: 'Did the monitors fire?', empty: 'There was no drill.' },
  );
}

/** A column of durations; blank where `false` says that there is none. */
function duration<T>(name: string, seconds: (item: T) => number | undefined | false) {
  const cell = (found: number | undefined | false) => (found === false ? words('') : figure(found, formatDuration));
  return { name, kind: 'number', cell: (item: T) => cell(seconds(item)) } as const;
}

function resultCell({ result, alerts, why }: JudgedAlarm['backtest']): Cell {
  if (result === 'no-data') return { text: unevaluatedWords(why), kind: 'absent' };
  const times = alerts.length > 1 ? `, ${alerts.length} times` : '';
  return words({ alert: `yes${times}`, warning: 'a warning', silent: 'no' }[result]);
}

function firedCell(mustFire: boolean, fired: boolean): Cell {
  if (fired) return { text: 'fired', kind: mustFire ? 'pass' : 'text' };
  return { text: 'silent', kind: mustFire ? 'fail' : 'text' };
}
