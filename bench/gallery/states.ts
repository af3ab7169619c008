// What the gallery draws: each chart of the lists from the runs of the tests, so that every state of a chart is seen.
import { instanceCatalogue } from '../../model/catalogue/instance-catalogue.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { makeStage } from '../../model/test/make-run.ts';
import { comparisonCharts, historyCharts, recordCharts, runCharts } from '../../reports/charts/all.ts';
import type { Chart, ChartEntry, DrawnReport } from '../../reports/charts/drawing/chart.ts';
import { type ComparedRun, compareTwo } from '../../reports/comparison/compare-runs.ts';
import { makeHistory } from '../../reports/comparison/history.ts';
import { openRun } from '../../reports/open-run.ts';
import { recordSizing } from '../../reports/sizing/record-sizing.ts';
import { sizeRuns } from '../../reports/sizing/size-runs.ts';
import { blockRun } from '../../reports/test/block-runs.ts';
import { comparedRun, comparedTypes } from '../../reports/test/compared-run.ts';
import { fixture } from '../../reports/test/fixture.ts';
import { madePage } from '../../reports/test/recorded/made-page.ts';
import { dailyTraffic } from '../../reports/traffic/traffic.ts';
import { judge } from '../../reports/verdict/judge.ts';

/** The name of each state, and its record. */
type States<From> = Readonly<Record<string, From>>;

const drawn = ['complete', 'capacity', 'rebuild', 'soak', 'target-died', 'no-data', 'killed-at-once'] as const;

/** The charts of all lists, each in all of its states. */
export async function galleryEntries(): Promise<readonly { readonly id: string; readonly charts: readonly Chart[] }[]> {
  const before = await comparedRun({ name: 'before' });
  const after = await comparedRun({ times: 1.6, from: 15, name: 'after' });
  const builds = Array.from({ length: 12 }, (_, build) =>
    comparedRun({ name: `build ${build}`, times: (build < 6 ? 1 : 1.5) + 0.01 * Math.sin(build) }),
  );
  return [
    ...draw(runCharts, await reports()),
    ...draw(comparisonCharts, {
      slower: compareTwo(before, after),
      'no difference': compareTwo(before, before),
      ...(await comparedTypes()),
      'both types in turn': compareTwo(inTurn('t2.medium'), inTurn('t2.micro')),
    }),
    ...draw(historyCharts, { 'twelve builds': makeHistory(await Promise.all(builds)) }),
    ...draw(recordCharts, { 'a fortnight': madePage(3600, 14) }),
  ];
}

function inTurn(instanceType: 't2.medium' | 't2.micro'): ComparedRun {
  const { run: measured, observed } = blockRun({ instanceType });
  const run = withBuild(measured);
  return { run, observed, judged: judge(run, observed), samples: [] };
}

function withBuild(run: RunRecord): RunRecord {
  const load = { role: 'beside', kind: 'open' } as const;
  const line = { line: 'npm run build', startedAt: run.startedAt, durationS: 12, exitCode: 0 };
  const before = makeStage({ ...load, name: 'before build', durationS: 2, appCpuS: 0.1 });
  const build = makeStage({ ...load, name: 'build', durationS: 12, appCpuS: 0.6, command: { ...line, cpuS: 10.5 } });
  return { ...run, stages: [...run.stages, before, build] };
}

async function reports(): Promise<States<DrawnReport>> {
  const states: Record<string, DrawnReport> = {};
  for (const name of drawn) states[name] = (await openRun(fixture(name))).report;
  const { report } = await openRun(fixture('complete'));
  const { judged, timeline } = report;
  const stages = Array.from({ length: 1000 }, (_, index) => {
    const [fromS, toS] = [index, index + 1].map((each) => (each * timeline.durationS) / 1000) as [number, number];
    return { name: `stage ${index}`, role: 'measured' as const, fromS, toS };
  });
  const types = instanceCatalogue.filter(({ instanceType }) => /^t2.(nano|micro|medium)$/.test(instanceType));
  const sized = sizeRuns([{ run: report.run, observed: report.observed }], types, {
    traffic: dailyTraffic(40_000_000, 'office'),
  });
  return {
    ...states,
    'visited in turn': {
      timeline: { ...timeline, stages: [] },
      run: withBuild(blockRun({ instanceType: 't2.micro' }).run),
    },
    'a thousand stages': { timeline: { ...timeline, stages } },
    ...(sized && { 'a workload': { ...report, judged: { ...judged, sizing: recordSizing(sized) } } }),
  };
}

function draw<From>(entries: readonly ChartEntry<From, string>[], states: States<From>) {
  return entries.map(({ id, draw }) => {
    const charts = Object.entries(states).flatMap(([name, from], index) => {
      const chart = draw(from, `${id}-${index}`);
      // No two charts of a page have one title.
      return chart ? [{ ...chart, title: `${chart.title}: ${name}` }] : [];
    });
    return { id, charts };
  });
}
