// The monitors as tables: over the recorded metrics (backtest), and in Datadog during the run (drill).
import { formatDuration } from '../format/format.ts';
import { sentences, textOf } from '../messages/text-of.ts';
import type { JudgedAlarm, JudgedAlarms } from '../schema/judged-alarms.ts';
import { type Cell, figure, number, type Table, text, words } from './table.ts';

/** Each monitor, whether it would have fired, when and why. */
export function backtestTable(alarms: JudgedAlarms | undefined): Table {
  const monitors = alarms?.monitors ?? [];
  return {
    caption: 'Would the monitors have fired?',
    columns: [text('Monitor'), text('Would have fired'), number('After'), text('Why'), text('Alerts when')],
    rows: monitors.map(({ key, query, backtest }) => [
      words(key),
      resultCell(backtest),
      backtest.firstS === undefined ? words('') : figure(backtest.firstS, formatDuration),
      words(textOf(backtest.why)),
      { text: query, kind: 'code' },
    ]),
    empty: 'The monitors were not evaluated over this run.',
    ...(alarms && { note: `${sentences(alarms.notes)}.` }),
  };
}

/** Each monitor of the drill; empty without a drill. */
export function drillTable(alarms: JudgedAlarms | undefined): Table {
  const drilled = (alarms?.monitors ?? []).flatMap(({ key, drill }) => (drill ? [{ key, ...drill }] : []));
  // Monitors that have to fire come first.
  const sorted = [...drilled].sort((a, b) => Number(b.mustFire || b.fired) - Number(a.mustFire || a.fired));
  return {
    caption: 'Did the monitors fire?',
    columns: [
      text('Monitor'),
      text('Had to fire'),
      text('In Datadog'),
      number('After the first breach'),
      text('Recovered'),
      number('After the last breach'),
      text('Why'),
    ],
    rows: sorted.map(({ key, mustFire, fired, firedAfterS, recovered, recoveredAfterS, reason }) => [
      words(key),
      words(mustFire ? 'yes' : 'no'),
      firedCell(mustFire, fired),
      fired ? figure(firedAfterS, formatDuration) : words(''),
      words(fired ? (recovered ? 'yes' : 'not by the end of the drill') : ''),
      recovered ? figure(recoveredAfterS, formatDuration) : words(''),
      words(reason ? textOf(reason) : ''),
    ]),
    empty: 'There was no drill.',
  };
}

function resultCell({ result, alerts }: JudgedAlarm['backtest']): Cell {
  if (result === 'no-data') return { text: 'no data', kind: 'absent' };
  const times = alerts.length > 1 ? `, ${alerts.length} times` : '';
  return words({ alert: `yes${times}`, warning: 'a warning', silent: 'no' }[result]);
}

function firedCell(mustFire: boolean, fired: boolean): Cell {
  if (fired) return { text: 'fired', kind: mustFire ? 'pass' : 'text' };
  return { text: 'silent', kind: mustFire ? 'fail' : 'text' };
}
