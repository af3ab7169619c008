// How long and how wide every answer is: a terminal of 80 and of 100 columns, and a comment on a pull request.
import { describe, expect, test } from '@jest/globals';
import { findInstanceType } from '../../../model/catalogue/instance-catalogue.ts';
import { makeHistory } from '../../comparison/history.ts';
import { runBanner } from '../../messages/banner.ts';
import { renderRecordSizing } from '../../messages/recorded-text.ts';
import { renderSizing } from '../../messages/sizing-text.ts';
import { textOf } from '../../messages/text-of.ts';
import { summarizeComparison } from '../../render/comparison-terminal.ts';
import { summarizeHistory } from '../../render/history-terminal.ts';
import { renderMarkdown } from '../../render/markdown.ts';
import { summarizeReport } from '../../render/terminal.ts';
import { sizeRuns } from '../../sizing/size-runs.ts';
import { sloCard } from '../../tables/cards.ts';
import { readReport } from '../../write.ts';
import { comparedRun, comparedTypes } from '../compared-run.ts';
import { fixture, situations } from '../fixture.ts';
import { madePage } from '../recorded/made-page.ts';
import { knownRun } from '../size-fixture.ts';

type Options = { readonly color: boolean; readonly columns: number };

async function answers(): Promise<
  Readonly<Record<string, readonly [verdict: string, render: (of: Options) => string]>>
> {
  const { judged } = await readReport(fixture('complete'));
  const { comparison } = await comparedTypes();
  const builds = Array.from({ length: 14 }, (_, build) => comparedRun({ name: `a rather long name, build ${build}` }));
  const history = makeHistory(await Promise.all(builds));
  const { sizing: record } = madePage(3600, 14);
  const types = ['t2.medium', 't2.micro'].map((name) => findInstanceType(name));
  const sized = sizeRuns([knownRun({ demandMs: 0.5, rates: [500, 1000] })], types)?.sizing;
  if (!comparison || !sized) throw new Error('nothing was made');
  return {
    run: ['PASS', (of) => summarizeReport(judged, of)],
    comparison: ['DEPENDS ON YOUR TRAFFIC', (of) => summarizeComparison(comparison, of)],
    history: [textOf(history.decision.answer), (of) => summarizeHistory(history, of)],
    record: ['t3.micro is the cheapest', (of) => renderRecordSizing(record, { ...of, place: 'report: x' })],
    sizing: ['t2.micro', (of) => renderSizing(sized, of)],
  };
}

describe('on a terminal', () => {
  test.each([80, 100])('of %s columns no line is longer but a command, and 25 lines are enough', async (columns) => {
    for (const [name, [verdict, render]] of Object.entries(await answers())) {
      const lines = render({ color: false, columns }).split('\n');
      expect([name, lines.length]).toEqual([name, Math.min(25, lines.length)]);
      expect(lines.filter((line) => line.length > columns && !/^ {2}npm run/.test(line))).toEqual([]);
      expect(lines.slice(0, 2).join(' ')).toContain(verdict);
      expect(lines.slice(-2).join(' ')).toContain(verdict);
    }
  });

  test('a history names runs of one name by their places', async () => {
    const [, history] = (await answers()).history ?? [];
    expect(history?.({ color: false, columns: 100 })).toMatch(/^14\. a rather long name, build 13 /m);
  });
});

test.each(situations)('%s as a comment on a pull request has fewer than 60 lines', async (situation) => {
  expect(renderMarkdown(await readReport(fixture(situation))).split('\n').length).toBeLessThan(60);
});

test('an amber banner without another reason says that no traffic was given', () => {
  const run = {
    headline: { parts: [] },
    disturbances: [],
    risks: [],
    warnings: [],
    caveats: [],
    validity: { verdict: 'valid' },
    sizing: {},
  };
  const but = 'without your traffic the fit is inconclusive';
  expect(runBanner(run, 'PASS', 'depends')).toMatchObject({ but });
  expect(runBanner(run, 'PASS', 'pass')).not.toHaveProperty('but');
  expect(runBanner({ ...run, sizing: { traffic: {} } }, 'PASS', 'depends')).not.toHaveProperty('but');
});

test('the banner of a run names its largest risk: of the measurement, of the type, then the newest warning', () => {
  const warnings = ['older', 'newer'].map((text) => ({ code: 'legacy', text }));
  const credits = {
    ...{ code: 'risk-credits-empty', instanceType: 't2.micro', hoursToThrottle: { launch: 0.5, full: 2 } },
    ...{ sustainedPerS: { value: 100, low: 90, high: 110 }, onEc2: true, p99Us: 91_000 },
  };
  const run = {
    ...{ headline: { parts: [{ code: 'no-threshold-set' }] }, validity: { verdict: 'valid' } },
    ...{ disturbances: [], risks: [credits], warnings, caveats: [] },
  };
  const butOf = (more: object = {}) => runBanner({ ...run, ...more }, 'PASS', 'depends').but;
  expect(butOf()).toBe(
    'full load empties the CPU credits of t2.micro in 30 min after launch; then it serves only its sustained rate, at a p99 latency of 91.0 ms',
  );
  expect(butOf({ risks: [] })).toBe('newer');
  const disturbances = [{ code: 'legacy', text: 'Other processes used 30 % of the CPU' }];
  expect(butOf({ disturbances })).toBe('Other processes used 30 % of the CPU');
});

test('a card of a type that missed the SLO at every rate gives the upper end of the interval', () => {
  const missed = { perS: { value: 4000, low: 0, high: 5500 }, slo: ['latency.p99 < 100ms'], atMost: true } as const;
  expect(sloCard(missed, true, {})).toMatchObject({ title: 'Capacity at the SLO', value: 'less than 5,500/s' });
  expect(sloCard(missed, true, { demandPerS: 10 })).toMatchObject({ value: '10.0/s', of: 'of less than 5,500/s' });
});
