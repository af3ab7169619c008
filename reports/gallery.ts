// The pattern page: every chart in every state, for review by eye. All data on it is made up, and the page says so.
import { fileURLToPath } from 'node:url';
import pug from 'pug';
import type { Chart } from './chart.ts';
import { percentileChart } from './chart-percentiles.ts';
import { saturationChart } from './chart-saturation.ts';
import { timeChart } from './chart-time.ts';
import type { Curve } from './curve.ts';
import type { Judged, JudgedStage } from './judged.ts';
import type { Sample } from './series.ts';
import type { Timeline } from './timeline.ts';

/** HTML that stands beside report.css, like the report itself. */
export function renderGallery(): string {
  const sections: readonly Section[] = [
    {
      name: 'A ladder with everything observed',
      full: [timeChart(timeline(120), 'ladder')],
      halves: [saturationChart(judged(7, 3), 'ladder-load'), percentileChart(curves(7), 7, 'ladder-tail')],
    },
    { name: 'Errors, and a peak of one second', full: [timeChart(timeline(120, { errors: true }), 'errors')] },
    { name: 'Seconds are missing', full: [timeChart(timeline(120, { gap: true }), 'gap')] },
    { name: 'The host was not observed', full: [timeChart(timeline(60, { host: false }), 'no-host')] },
    { name: 'One second', full: [timeChart(timeline(1), 'second')] },
    { name: 'A long run', full: [timeChart(timeline(600), 'long')] },
    { name: 'A thousand stages', full: [timeChart({ ...timeline(120), stages: manyStages(1000) }, 'stages')] },
    {
      name: 'No saturation; nine of forty stages',
      halves: [saturationChart(judged(5), 'rising'), percentileChart(curves(9), 40, 'many-tails')],
    },
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
  return pug.compileFile(fileURLToPath(new URL('./views/gallery.pug', import.meta.url)), { doctype: 'html' })({
    sections: named,
  });
}

/** Charts as wide as the page, and such as stand beside each other. */
type Section = { readonly name: string; readonly full?: readonly Chart[]; readonly halves?: readonly Chart[] };
type Change = { readonly errors?: boolean; readonly gap?: boolean; readonly host?: boolean };

function timeline(seconds: number, { errors = false, gap = false, host = true }: Change = {}): Timeline {
  const all = Array.from({ length: seconds }, (_, second) => second).filter(
    (second) => !gap || second < seconds * 0.4 || second > seconds * 0.55,
  );
  const broken = all.findIndex((second, index) => index > 0 && second > (all[index - 1] ?? 0) + 1);
  const stretches = broken < 0 ? [all] : [all.slice(0, broken), all.slice(broken)];
  const series = (value: (second: number) => number) =>
    stretches.map((stretch) => stretch.map((second): Sample => [second + 0.5, value(second)]));
  const rate = (second: number) => 6000 * (1 - Math.exp(-second / 25)) + 300 * Math.sin(second);
  const bad = (second: number) => (errors && (second === 77 || second > 100) ? 40 + (second === 77 ? 400 : 0) : 0);
  const stages = manyStages(Math.min(6, Math.max(1, seconds / 10)), seconds);
  return {
    beginS: 0,
    durationS: seconds,
    stages,
    throughputPerS: series(rate),
    p50Us: series((second) => 900 + 12 * second),
    p99Us: series((second) => 4000 + 60 * second + (second === 77 ? 40_000 : 0)),
    errorsPerS: series(bad),
    cpu: host
      ? stretches.map((stretch) =>
          stretch.map((second) => ({
            atS: second + 0.5,
            user: 45 * (1 - Math.exp(-second / 25)),
            system: 12 + 3 * Math.sin(second / 3),
            iowait: 4 + 3 * Math.cos(second / 5),
            stolen: second > seconds / 2 ? 12 : 1,
          })),
        )
      : [],
    rows: all.map((second) => ({
      fromS: second,
      toS: second + 1,
      stage: stages.find((stage) => second < stage.toS)?.name ?? '',
      throughputPerS: { min: rate(second), max: rate(second) },
      errorsPerS: bad(second),
    })),
    notes: [],
  };
}

function manyStages(count: number, seconds = 120): Timeline['stages'] {
  const whole = Math.floor(count);
  return Array.from({ length: whole }, (_, index) => ({
    name: index === 0 ? 'at rest' : `${2 ** (index % 12)} connections`,
    role: index === 0 ? ('idle' as const) : index === 1 ? ('warm-up' as const) : ('measured' as const),
    ...(index > 0 && { connections: 2 ** (index % 12) }),
    fromS: (index * seconds) / whole,
    toS: ((index + 1) * seconds) / whole,
  }));
}

function judged(rungs: number, knee?: number): Pick<Judged, 'stages' | 'saturation' | 'noSaturation'> {
  const stages = Array.from({ length: rungs }, (_, index): JudgedStage => {
    const count = { intended: 1, sent: 1, completed: 1, dropped: 0, open: 0 };
    const p50 = 800 * 1.6 ** index;
    return {
      name: `${2 ** index} connections`,
      role: 'measured',
      connections: 2 ** index,
      durationS: 8,
      requests: count,
      outcomes: { ok: 1, unexpectedStatus: 0, timeout: 0, connectionError: 0 },
      statusCounts: {},
      throughputPerS: 6000 * (1 - Math.exp(-(index + 1) / 1.5)),
      latencyUs: { p50, p90: 2 * p50, p95: 3 * p50, p99: 5 * p50, p999: 9 * p50, max: 20 * p50, mean: p50, count: 1 },
      host: {},
    };
  });
  const at = knee === undefined ? undefined : stages[knee];
  if (!at?.throughputPerS || at.connections === undefined)
    return { stages, noSaturation: 'throughput still rose at the last stage' };
  const { name: stage, throughputPerS, connections } = at;
  return { stages, saturation: { stage, throughputPerS, connections, limitedBy: 'event loop', because: 'made up' } };
}

function curves(count: number): Curve[] {
  return Array.from({ length: count }, (_, index) => ({
    stage: `${2 ** index} connections`,
    connections: 2 ** index,
    points: [1, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99].map((percentile): [number, number] => [
      percentile,
      200 * 1.7 ** index * (1 - Math.log10(1 - percentile / 100)) ** 2,
    ]),
  }));
}
