// The pattern page: every chart in every state, for review by eye. All data on it is made up, and the page says so.

import { alarmChart } from '../charts/alarms.ts';
import { capacityChart } from '../charts/capacity.ts';
import type { Chart } from '../charts/chart.ts';
import { loadChart, pairedChart, spreadChart } from '../charts/comparison.ts';
import { dayChart } from '../charts/credit-week.ts';
import { demandChart } from '../charts/demand.ts';
import { hostChart } from '../charts/host.ts';
import { memoryChart } from '../charts/memory.ts';
import { percentileChart } from '../charts/percentiles.ts';
import { saturationChart } from '../charts/saturation.ts';
import { timeChart } from '../charts/time.ts';
import type { Timeline } from '../series/timeline.ts';
import { historyChart } from './history-html.ts';
import { alarms, capacityOf, curves, judged, manyStages, moments, timeline } from './made-up-run.ts';
import { compared, demand, history, memory, week } from './made-up-runs.ts';
import { template } from './template.ts';

/** HTML that stands beside report.css, like the report itself. */
export function renderGallery(): string {
  const sections: readonly Section[] = [
    {
      name: 'A ladder with everything observed',
      full: [timeChart(timeline(120), 'ladder'), ...below(timeline(120), 'ladder-host')],
      halves: [saturationChart(judged(7, 3), 'ladder-load'), percentileChart(curves(7), 7, 'ladder-tail')],
    },
    { name: 'Errors, and a peak of one second', full: [timeChart(timeline(120, { errors: true }), 'errors')] },
    { name: 'Moments', full: [timeChart(timeline(120, { marks: moments }), 'moments')] },
    {
      name: 'Seconds are missing',
      full: [timeChart(timeline(120, { gap: true }), 'gap'), ...below(timeline(120, { gap: true }), 'gap-host')],
    },
    { name: 'The host was not observed', full: [timeChart(timeline(60, { host: false }), 'no-host')] },
    { name: 'One second', full: [timeChart(timeline(1), 'second')] },
    { name: 'A long run', full: [timeChart(timeline(600), 'long')] },
    { name: 'A thousand stages', full: [timeChart({ ...timeline(120), stages: manyStages(1000) }, 'stages')] },
    {
      name: 'Drilled monitors: fired, silent, not asked for',
      full: [alarmChart(alarms(), timeline(120), 'alarms')].flatMap((each) => each ?? []),
    },
    {
      name: 'No saturation; nine of forty stages',
      halves: [saturationChart(judged(5), 'rising'), percentileChart(curves(9), 40, 'many-tails')],
    },
    {
      name: 'Two runs that part',
      full: [pairedChart(compared(1.6), 'part')],
      halves: [loadChart(compared(1.6), 'part-load'), spreadChart(compared(1.6), 'part-spread')],
    },
    { name: 'Two runs that do not part', full: [pairedChart(compared(1), 'alike')] },
    { name: 'A history with a change', full: [historyChart(history(18), 'history')] },
    {
      name: 'What types come to',
      full: [dayChart({ types: week() }, 'week')].flatMap((each) => each ?? []),
      halves: [demandChart({ serviceDemand: demand(6) }, 'fit'), memoryChart({ types: memory() }, 'memory')].flatMap(
        (each) => each ?? [],
      ),
    },
    {
      name: 'One load, and no line through it',
      halves: [demandChart({ serviceDemand: demand(1) }, 'one-load')].flatMap((each) => each ?? []),
    },
    { name: 'The probes of a capacity', halves: [capacityChart(capacityOf(14))].flatMap((each) => each ?? []) },
    {
      name: 'Nothing to draw',
      full: [timeChart({ ...timeline(0), rows: [] }, 'nothing')],
      halves: [saturationChart(judged(1), 'one-stage'), percentileChart([], 0, 'no-tails')],
    },
  ];
  // On a report no two charts have one title; here the section tells them apart.
  const named = sections.map(({ name, full = [], halves = [] }) => {
    const withName = (chart: Chart) => ({ ...chart, title: `${chart.title}: ${name}` });
    return { name, full: full.map(withName), halves: halves.map(withName) };
  });
  return template('gallery')({
    sections: named,
  });
}

/** The chart below, when there is one. */
function below(of: Timeline, id: string): Chart[] {
  const chart = hostChart(of, id);
  return chart ? [chart] : [];
}

/** Charts as wide as the page, and such as stand beside each other. */
type Section = { readonly name: string; readonly full?: readonly Chart[]; readonly halves?: readonly Chart[] };
