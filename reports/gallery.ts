// The pattern page: every chart in every state, for review by eye. All data on it is made up, and the page says so.

import type { Chart } from './chart.ts';
import { alarmChart } from './chart-alarms.ts';
import { capacityChart } from './chart-capacity.ts';
import { dayChart } from './chart-day.ts';
import { demandChart } from './chart-demand.ts';
import { hostChart } from './chart-host.ts';
import { percentileChart } from './chart-percentiles.ts';
import { saturationChart } from './chart-saturation.ts';
import { timeChart } from './chart-time.ts';
import { type DrawnComparison, type DrawnSide, loadChart, pairedChart, spreadChart } from './comparison-charts.ts';
import type { Curve } from './curve.ts';
import type { History, HistoryRun } from './history.ts';
import { historyChart } from './history-html.ts';
import type { Judged, JudgedStage } from './judged.ts';
import type { JudgedAlarms } from './judged-alarms.ts';
import { findParting, type PairedSecond } from './parting.ts';
import type { Sample } from './series.ts';
import type { SizingRecord } from './sizing-record.ts';
import { template } from './template.ts';
import type { Timeline } from './timeline.ts';

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
      halves: [demandChart({ serviceDemand: demand(6) }, 'fit')].flatMap((each) => each ?? []),
    },
    {
      name: 'One load, and no line through it',
      halves: [demandChart({ serviceDemand: demand(1) }, 'one-load')].flatMap((each) => each ?? []),
    },
    { name: 'The probes of a capacity', halves: [capacityOf(14)] },
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

/** Two runs, the second slower by the factor from the fifteenth second on. */
function compared(factor: number): DrawnComparison {
  const side = (label: string, times: number): DrawnSide => ({
    label,
    judged: { stages: judged(6).stages.map((stage) => slower(stage, times)) },
    spread: Array.from({ length: 40 }, (_, step) => [
      200 * 1.12 ** step,
      12 * Math.exp(-(((step - 14 - 6 * Math.log(times)) / 5) ** 2)) + 2 * Math.exp(-(((step - 30) / 3) ** 2)),
    ]),
  });
  const seconds = Array.from({ length: 60 }, (_, second): PairedSecond => {
    const rate = 3000 + 200 * Math.sin(second / 3);
    const candidate = (rate + 60 * Math.cos(second)) / (second < 15 ? 1 : factor);
    return { stage: second < 30 ? '8 connections' : '16 connections', second, baseline: rate, candidate };
  });
  const partsAt = findParting(seconds);
  return {
    baseline: side('before', 1),
    candidate: side('after', factor),
    stages: ['8 connections', '16 connections'],
    paired: { figure: 'throughput', seconds, ...(partsAt !== undefined && { partsAt }) },
  };
}

function slower(stage: JudgedStage, times: number): JudgedStage {
  const { latencyUs, throughputPerS, ...rest } = stage;
  return {
    ...rest,
    ...(throughputPerS !== undefined && { throughputPerS: throughputPerS / times }),
    ...(latencyUs && { latencyUs: { ...latencyUs, p99: latencyUs.p99 * times } }),
  };
}

/** A week in office hours: one type runs out of credits every day, the other never. */
function week(): Pick<SizingRecord['types'][number], 'instanceType' | 'day'>[] {
  const type = (instanceType: string, percent: number, most: number) => {
    let balance = 30;
    const day = Array.from({ length: 336 }, (_, half): [number, number, number] => {
      const wanted = percent * Math.max(0.1, Math.sin(((half / 2 - 6) / 12) * Math.PI));
      balance = Math.max(0, Math.min(most, balance + (10 - wanted) * 0.3));
      return [(half + 1) / 2, balance, wanted];
    });
    return { instanceType, day };
  };
  return [type('t2.micro', 36, 144), type('t2.medium', 9, 576)];
}

/** Stages along a line with a little noise. */
function demand(stages: number): NonNullable<SizingRecord['serviceDemand']> {
  const points = Array.from({ length: stages }, (_, index) => {
    const perS = (4000 * (index + 1)) / stages;
    return { stage: `${2 ** index} connections`, perS, vcpus: 0.04 + perS * 0.0002 * (1 + 0.05 * Math.sin(5 * index)) };
  });
  const fit = stages > 1 && { r2: 0.987 };
  const demandMs = { value: 0.2, low: 0.18, high: 0.22 };
  return { of: 'app', demandMs, backgroundVcpus: { value: 0.04, low: 0, high: 0.1 }, ...fit, points };
}

/** Runs of which the later half is slower; one is left out. */
function history(runs: number): History {
  const all = Array.from({ length: runs }, (_, index): HistoryRun => {
    const p99 = (index < runs / 2 ? 9000 : 13_000) + 500 * Math.sin(3 * index);
    return {
      id: `run ${index + 1}`,
      startedAt: '2026-01-01T00:00:00Z',
      verdict: 'pass',
      validity: 'valid',
      figures: {
        throughput: { value: 3000 + 60 * Math.cos(index), low: 2900, high: 3100 },
        'latency.p99': { value: p99, low: p99 - 900, high: p99 + 900 },
      },
      ...(index === 4 && { leftOut: 'the run is not whole' }),
    };
  });
  const at = Math.ceil(runs / 2);
  const change = { at, before: 9000, after: 13_000, p: 0.0025, metric: 'latency.p99' as const, worse: true, text: '' };
  const decision = { question: '', word: '', verdict: 'fail' as const, text: '' };
  return { schemaVersion: 1, decision, runs: all, changes: [{ ...change, run: `run ${at + 1}` }], exitCode: 0 };
}

/** A search for the capacity: half of the probes near its edge. */
function capacityOf(probes: number): Chart {
  const rates = Array.from({ length: probes }, (_, index) =>
    index < probes / 2 ? 100 * 1.7 ** index : 960 + 12 * index,
  );
  const stages = judged(probes).stages.map((stage, index): JudgedStage => {
    const p99 = (rates[index] ?? 0) < 1080 ? 4000 + (rates[index] ?? 0) * 3 : 90_000 + 20_000 * index;
    const latencyUs = stage.latencyUs && { ...stage.latencyUs, p99 };
    return { ...stage, role: 'probe', ...(latencyUs && { latencyUs }) };
  });
  const chart = capacityChart(
    {
      stages,
      capacity: {
        arrivalRatePerS: 1075,
        low: 1050,
        high: 1100,
        slo: ['latency.p99 < 50ms'],
        probes: rates.map((arrivalRatePerS, stage) => ({
          arrivalRatePerS,
          holds: arrivalRatePerS < 1080,
          stage,
          why: '',
        })),
        limitedBy: 'SLO',
        because: 'made up',
        latency: { figure: 'p99', limitUs: 50_000 },
      },
    },
    'capacity',
  );
  if (!chart) throw new Error('a capacity without a chart');
  return chart;
}

/** The chart below, when there is one. */
function below(of: Timeline, id: string): Chart[] {
  const chart = hostChart(of, id);
  return chart ? [chart] : [];
}

/** Charts as wide as the page, and such as stand beside each other. */
type Section = { readonly name: string; readonly full?: readonly Chart[]; readonly halves?: readonly Chart[] };
type Change = {
  readonly errors?: boolean;
  readonly gap?: boolean;
  readonly host?: boolean;
  readonly marks?: Timeline['marks'];
};

const moments = [
  { atS: 40, name: 'command begins' },
  { atS: 47, name: 'command ends' },
  { atS: 118, name: 'autostop' },
];

function alarms(): JudgedAlarms {
  const monitor = (key: string, fromS: number, drill: JudgedAlarms['monitors'][number]['drill']) => ({
    key,
    query: '',
    backtest: { result: 'alert' as const, alerts: [{ fromS, toS: fromS + 90 }], firstS: fromS, why: '' },
    ...(drill && { drill }),
  });
  const fired = { mustFire: true, fired: true, recovered: true, breachedS: 35, alert: { fromS: 80, toS: 170 } };
  return {
    host: 'box',
    monitors: [
      monitor('cpu-user', 60, fired),
      monitor('cpu-total', 100, { mustFire: true, fired: false, recovered: false, breachedS: 50 }),
      monitor('load-per-core', 20, undefined),
    ],
    notes: [],
  };
}

function timeline(seconds: number, { errors = false, gap = false, host = true, marks = [] }: Change = {}): Timeline {
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
    marks,
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
    inFlight: series((second) => 1 + (second % 4)),
    cores: host
      ? [series((second) => 50 + 40 * Math.sin(second / 9)), series((second) => 50 + 40 * Math.cos(second / 7))]
      : [],
    load1: host ? series((second) => 1.6 * (1 - Math.exp(-second / 40))) : [],
    appMemory: host ? series((second) => 9e7 + 4e5 * second) : [],
    hostMemory: host ? series((second) => 6e8 + 4e5 * second) : [],
    credits: host ? series((second) => 30 - 0.2 * second) : [],
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
