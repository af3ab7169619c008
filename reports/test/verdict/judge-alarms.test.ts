import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Alarms, BacktestedMonitor, DrilledMonitor } from '../../../model/alarms.ts';
import { alarmChart } from '../../charts/alarms.ts';
import { sentences, textOf } from '../../messages/text-of.ts';
import { renderJunit } from '../../render/junit.ts';
import { renderMarkdown } from '../../render/markdown.ts';
import { summarizeReport } from '../../render/terminal.ts';
import type { Judged } from '../../schema/judged.ts';
import type { Report } from '../../schema/report.ts';
import { judge } from '../../verdict/judge.ts';
import { readReport } from '../../write.ts';
import { fixture } from '../fixture.ts';

let report: Report;
beforeAll(async () => {
  report = await readReport(fixture('rebuild'));
});

const finding = (text: string) => ({ code: 'made', text });
const at = (second: number) => new Date(Date.parse(report.run.startedAt) + second * 1000).toISOString();
const monitor = (key: string, more: Partial<BacktestedMonitor> = {}): BacktestedMonitor => ({
  key,
  name: key,
  query: `max(last_5m):max:${key}{host:i-0abc} >= 50`,
  windowS: 300,
  transitions: [],
  evaluations: 3,
  worst: 12.3456,
  ...more,
});
const alert = (): BacktestedMonitor =>
  monitor('cpu-user', {
    transitions: [
      { at: at(60), from: 'OK', to: 'Alert', value: 80, why: finding('max of the window of 5 min is 80: >= 50') },
      { at: at(360), from: 'Alert', to: 'OK', value: 3, why: finding('no longer') },
      { at: at(420), from: 'OK', to: 'Alert', value: 70, why: finding('again') },
    ],
  });
const drilled = (more: Partial<DrilledMonitor> = {}): DrilledMonitor => ({
  key: 'cpu-user',
  id: 1,
  mustFire: true,
  fired: true,
  firedAfterS: 45,
  recovered: true,
  recoveredAfterS: 310,
  breachedAt: at(30),
  firedAt: at(75),
  recoveredAt: at(700),
  ...more,
});
const alarms = (drill?: Alarms['drill']): Alarms => ({
  schemaVersion: 2,
  run: report.run.id,
  host: 'i-0abc',
  backtest: [
    alert(),
    monitor('load'),
    monitor('credits', { evaluations: 0, noData: finding('the record has no credits') }),
  ],
  ...(drill && { drill }),
});
const judged = (drill?: Alarms['drill']) => judge(report.run, report.observed, undefined, alarms(drill));
const silent = () => {
  const { firedAfterS: _, recoveredAfterS: __, firedAt: ___, recoveredAt: ____, ...rest } = drilled();
  return { monitors: [{ ...rest, fired: false, recovered: false, reason: finding('it is muted') }], warnings: [] };
};

describe('the backtest', () => {
  test('tells what would have fired, when and why, and why not', () => {
    const { alarms: found, verdict } = judged();
    expect(verdict).toBe(report.judged.verdict);
    expect(found?.monitors.map(({ backtest }) => backtest)).toEqual([
      {
        result: 'alert',
        alerts: [{ fromS: 60, toS: 360 }, { fromS: 420 }],
        firstS: 60,
        why: finding('max of the window of 5 min is 80: >= 50'),
      },
      { result: 'silent', alerts: [], why: { code: 'monitor-worst-value', value: 12.3456 } },
      { result: 'no-data', alerts: [], why: finding('the record has no credits') },
    ]);
    expect(sentences(found?.notes ?? [])).toMatch(
      /less than the window of cpu-user, load, which was evaluated over the run/,
    );
  });

  test('stands in Markdown and on the terminal', () => {
    expect(renderMarkdown({ judged: judged(), run: report.run })).toContain(
      '| cpu-user | yes, 2 times | 1 min | max of the window of 5 min is 80: &gt;= 50 |',
    );
    expect(summarizeReport(judged(), { color: false })).toContain('monitors   would have fired: cpu-user\n');
  });
});

describe('the drill', () => {
  test('a monitor that fired and recovered', () => {
    const found = judged({ monitors: [drilled()], warnings: [] });
    expect(found.verdict).toBe(report.judged.verdict);
    expect(renderMarkdown({ judged: found, run: report.run })).toContain(
      '| cpu-user | yes | fired | 45 s | yes | 5 min 10 s |  |',
    );
    expect(renderJunit(found, report.run)).toContain(
      'name="monitor cpu-user fires" file="loadtest/profiles/built-in/made.json" time="0.000"/>',
    );
    expect(summarizeReport(found, { color: false })).toContain(
      'monitors   cpu-user fired after 45 s, recovered after 5 min 10 s',
    );
  });

  test('one that had to fire and stayed silent fails the run, with its reason', () => {
    const found = judged(silent());
    expect(found).toMatchObject({ verdict: 'fail', exitCode: 3 });
    expect(found.headline.parts[0]).toEqual({
      code: 'monitor-silent',
      monitor: 'cpu-user',
      reason: finding('it is muted'),
    });
    expect(renderJunit(found, report.run)).toContain('<failure message="it is muted" type="drill">');
    expect(renderMarkdown({ judged: found, run: report.run })).toContain('| **silent** |');
  });

  test('that is so whatever became of the load', () => {
    const invalid = {
      ...report.run,
      validity: { verdict: 'invalid' as const, reasons: [{ code: 'legacy', text: 'the generator was late' }] },
    };
    const found = judge(invalid, report.observed, undefined, alarms(silent()));
    expect(found).toMatchObject({ verdict: 'fail', exitCode: 3 });
    expect(textOf(found.headline)).toMatch(
      /stayed silent: it is muted\. .*\. The run is invalid: the generator was late$/,
    );
  });

  test('one that proves nothing is a warning, and so is a look that failed', () => {
    const found = judged({ monitors: [drilled({ mustFire: false })], warnings: [finding('12:00: no answer')] });
    expect(found.verdict).toBe(report.judged.verdict);
    expect(found.warnings).toEqual(
      expect.arrayContaining([finding('12:00: no answer'), { code: 'drill-proved-nothing' }]),
    );
  });
});

describe('the chart', () => {
  const draw = (judgement: Judged) => alarmChart.draw({ ...report, judged: judgement }, 'alarms');

  test('has a lane for what fired, was expected to, or would have, and extends until the monitors were last read', () => {
    const chart = draw(judged({ monitors: [drilled()], warnings: [] }));
    expect(chart?.table.rows).toEqual([
      ['cpu-user', 'backtest', '1 min', '6 min'],
      ['cpu-user', 'backtest', '7 min', 'end of observation'],
      ['cpu-user', 'Datadog', '1 min 15 s', '11 min 40 s'],
    ]);
    expect(chart?.notes).toHaveLength(1);
    expect(chart?.wide?.match(/class="alert did"/g)).toHaveLength(1);
  });

  test('names the monitors that did not fire', () => {
    expect(draw(judged(silent()))?.narrow).toContain('cpu-user: expected to fire, did not');
  });

  test('is absent when no monitor would have fired', () => {
    const quiet = { ...alarms(), backtest: [monitor('load')] };
    expect(draw(judge(report.run, undefined, undefined, quiet))).toBeUndefined();
    expect(draw(judge(report.run, undefined))).toBeUndefined();
  });
});
