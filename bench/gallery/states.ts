// What the gallery draws: each chart of the lists from a made-up record, and the further states that stand here.

import { makeRun } from '../../model/test/make-run.ts';
import { comparisonCharts, historyCharts, runCharts } from '../../reports/charts/all.ts';
import type { Chart, ChartEntry, DrawnReport } from '../../reports/charts/chart.ts';
import type { DrawnComparison } from '../../reports/charts/compared.ts';
import type { Judged } from '../../reports/schema/judged.ts';
import { judge } from '../../reports/verdict/judge.ts';
import { compared, history } from './made-up-comparison.ts';
import { alarms, capacityOf, demand, ladder, sizing } from './made-up-judged.ts';
import { curves, events, manyStages, timeline } from './made-up-timeline.ts';

/** By the id of the chart: the name of each state, and its record. */
type States<From> = Readonly<Record<string, Readonly<Record<string, From>>>>;

const run = makeRun({ id: 'made-up', startedAt: '2026-01-01T00:00:00Z' });
const bare = judge(run, undefined);

function report(judged: Partial<Judged>, change: Partial<Omit<DrawnReport, 'judged'>> = {}): DrawnReport {
  return { run, timeline: timeline(120), curves: curves(7), ...change, judged: { ...bare, ...judged } };
}

const probed = capacityOf(14);
/** Every chart of a run can be drawn from it. */
const complete = report({
  ...ladder(7, 3),
  ...probed,
  stages: [...probed.stages, ...ladder(7).stages],
  alarms: alarms(),
  sizing: sizing(),
});

const runStates: States<DrawnReport> = {
  time: {
    'errors, and a peak of one second': report({}, { timeline: timeline(120, { errors: true }) }),
    events: report({}, { timeline: timeline(120, { marks: events }) }),
    'missing seconds': report({}, { timeline: timeline(120, { gap: true }) }),
    'no host metrics': report({}, { timeline: timeline(60, { host: false }) }),
    'one second': report({}, { timeline: timeline(1) }),
    'a long run': report({}, { timeline: timeline(600) }),
    'a thousand stages': report({}, { timeline: { ...timeline(120), stages: manyStages(1000) } }),
    'nothing to draw': report({}, { timeline: { ...timeline(0), rows: [] } }),
  },
  host: { 'missing seconds': report({}, { timeline: timeline(120, { gap: true }) }) },
  demand: { 'one load, no fit': report({ sizing: { ...sizing(), serviceDemand: demand(1) } }) },
  saturation: { 'none found': report(ladder(5)), 'nothing to draw': report(ladder(1)) },
  percentiles: {
    'nine of forty stages': report(ladder(40), { curves: curves(9) }),
    'nothing to draw': report({}, { curves: [] }),
  },
};

const comparisonStates: States<DrawnComparison> = { paired: { 'no difference': compared(1) } };

export type GalleryEntry = { readonly id: string; readonly charts: readonly Chart[] };

/** The charts of all lists, each in all of its states. */
export function galleryEntries(): readonly GalleryEntry[] {
  return [
    ...draw(runCharts, complete, runStates),
    ...draw(comparisonCharts, compared(1.6), comparisonStates),
    ...draw(historyCharts, history(18), {}),
  ];
}

function draw<From>(entries: readonly ChartEntry<From, string>[], madeUp: From, states: States<From>): GalleryEntry[] {
  const unknown = Object.keys(states).filter((id) => !entries.some((entry) => entry.id === id));
  if (unknown.length > 0) throw new Error(`states of charts that do not exist: ${unknown.join(', ')}`);
  return entries.map((entry) => {
    const own = Object.entries({ 'made-up record': madeUp, ...states[entry.id] });
    const charts = own.map(([name, from], index) => {
      const chart = entry.draw(from, `${entry.id}-${index}`);
      if (!chart) throw new Error(`${entry.id} draws nothing for "${name}"`);
      // No two charts of a page have one title.
      return { ...chart, title: `${chart.title}: ${name}` };
    });
    return { id: entry.id, charts };
  });
}
