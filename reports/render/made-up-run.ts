// A run that nobody made, in whatever state a chart is to be looked at; for the gallery.

import type { Judged, JudgedCapacity } from '../schema/judged.ts';
import type { JudgedAlarms } from '../schema/judged-alarms.ts';
import type { JudgedStage } from '../schema/judged-stage.ts';
import type { Curve } from '../series/curve.ts';
import type { Sample } from '../series/series.ts';
import type { Timeline } from '../series/timeline.ts';

/** A search for the capacity: half of the probes near its edge. */
export function capacityOf(probes: number): Pick<Judged, 'stages'> & { readonly capacity: JudgedCapacity } {
  const rates = Array.from({ length: probes }, (_, index) =>
    index < probes / 2 ? 100 * 1.7 ** index : 960 + 12 * index,
  );
  const stages = judged(probes).stages.map((stage, index): JudgedStage => {
    const p99 = (rates[index] ?? 0) < 1080 ? 4000 + (rates[index] ?? 0) * 3 : 90_000 + 20_000 * index;
    const latencyUs = stage.latencyUs && { ...stage.latencyUs, p99 };
    return { ...stage, role: 'probe', ...(latencyUs && { latencyUs }) };
  });
  return {
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
        reasons: [],
      })),
      limitedBy: 'SLO',
      because: { code: 'made-up', text: 'made up' },
      latency: { figure: 'p99', limitUs: 50_000 },
    },
  };
}

type Change = {
  readonly errors?: boolean;
  readonly gap?: boolean;
  readonly host?: boolean;
  readonly marks?: Timeline['marks'];
};

export const moments = [
  { atS: 40, name: 'command begins' },
  { atS: 47, name: 'command ends' },
  { atS: 118, name: 'autostop' },
];

export function alarms(): JudgedAlarms {
  const monitor = (key: string, fromS: number, drill: JudgedAlarms['monitors'][number]['drill']) => ({
    key,
    query: '',
    backtest: {
      result: 'alert' as const,
      alerts: [{ fromS, toS: fromS + 90 }],
      firstS: fromS,
      why: { code: 'made-up', text: '' },
    },
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

export function timeline(
  seconds: number,
  { errors = false, gap = false, host = true, marks = [] }: Change = {},
): Timeline {
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
    instanceCpu: host ? series((second) => 70 + 20 * Math.sin(second / 8)) : [],
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

export function manyStages(count: number, seconds = 120): Timeline['stages'] {
  const whole = Math.floor(count);
  return Array.from({ length: whole }, (_, index) => ({
    name: index === 0 ? 'at rest' : `${2 ** (index % 12)} connections`,
    role: index === 0 ? ('idle' as const) : index === 1 ? ('warm-up' as const) : ('measured' as const),
    ...(index > 0 && { connections: 2 ** (index % 12) }),
    fromS: (index * seconds) / whole,
    toS: ((index + 1) * seconds) / whole,
  }));
}

export function judged(rungs: number, knee?: number): Pick<Judged, 'stages' | 'saturation' | 'noSaturation'> {
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
    return { stages, noSaturation: { code: 'throughput-still-rose' } };
  const { name: stage, throughputPerS, connections } = at;
  return {
    stages,
    saturation: {
      stage,
      throughputPerS,
      connections,
      limitedBy: 'event loop',
      because: { code: 'made-up', text: 'made up' },
    },
  };
}

export function curves(count: number): Curve[] {
  return Array.from({ length: count }, (_, index) => ({
    stage: `${2 ** index} connections`,
    connections: 2 ** index,
    points: [1, 10, 25, 50, 75, 90, 95, 99, 99.9, 99.99].map((percentile): [number, number] => [
      percentile,
      200 * 1.7 ** index * (1 - Math.log10(1 - percentile / 100)) ** 2,
    ]),
  }));
}
