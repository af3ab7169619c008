// What a made-up run comes to.
import type { Judged, JudgedCapacity } from '../../reports/schema/judged.ts';
import type { JudgedAlarms } from '../../reports/schema/judged-alarms.ts';
import type { JudgedStage } from '../../reports/schema/judged-stage.ts';
import type { SizingRecord } from '../../reports/schema/sizing-record.ts';

/** Closed stages, with the saturation at the one of the index `knee`. */
export function ladder(rungs: number, knee?: number): Pick<Judged, 'stages' | 'saturation' | 'noSaturation'> {
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

/** A search for the capacity: half of the probes near its edge. */
export function capacityOf(probes: number): Pick<Judged, 'stages'> & { readonly capacity: JudgedCapacity } {
  const rates = Array.from({ length: probes }, (_, index) =>
    index < probes / 2 ? 100 * 1.7 ** index : 960 + 12 * index,
  );
  const stages = ladder(probes).stages.map((stage, index): JudgedStage => {
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

/** Drilled monitors: one fired, one did not, one was not drilled. */
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

/** Three instance types: one whose memory is too small, one that exhausts its credits every day, and one with room. */
export function sizing(): SizingRecord {
  const MiB = 1024 ** 2;
  return {
    schemaVersion: 2,
    from: 'made-up',
    projected: true,
    types: [
      typeOf('t2.nano', { memory: { neededBytes: 880 * MiB, guestBytes: 464 * MiB } }),
      typeOf('t2.micro', { memory: { neededBytes: 880 * MiB, guestBytes: 949 * MiB }, day: week(36, 144) }),
      typeOf('t2.medium', { memory: { neededBytes: 880 * MiB, guestBytes: 3900 * MiB }, day: week(9, 576) }),
    ],
    serviceDemand: demand(6),
    predictions: [],
    recommendation: { code: 'recommend-larger' },
  };
}

type SizedType = SizingRecord['types'][number];

function typeOf(instanceType: string, known: Partial<SizedType>): SizedType {
  // Only what charts draw.
  return { instanceType, ...known } as SizedType;
}

/** A week of office hours at the given peak CPU: hours since launch, credit balance, CPU. */
function week(percent: number, mostCredits: number): NonNullable<SizedType['day']> {
  let balance = 30;
  return Array.from({ length: 336 }, (_, half): [number, number, number] => {
    const needed = percent * Math.max(0.1, Math.sin(((half / 2 - 6) / 12) * Math.PI));
    balance = Math.max(0, Math.min(mostCredits, balance + (10 - needed) * 0.3));
    return [(half + 1) / 2, balance, needed];
  });
}

/** Stages along a line with a little noise. */
export function demand(stages: number): NonNullable<SizingRecord['serviceDemand']> {
  const points = Array.from({ length: stages }, (_, index) => {
    const perS = (4000 * (index + 1)) / stages;
    return { stage: `${2 ** index} connections`, perS, vcpus: 0.04 + perS * 0.0002 * (1 + 0.05 * Math.sin(5 * index)) };
  });
  const fit = stages > 1 && { r2: 0.987 };
  const demandMs = { value: 0.2, low: 0.18, high: 0.22 };
  return { of: 'app', demandMs, backgroundVcpus: { value: 0.04, low: 0, high: 0.1 }, ...fit, points };
}
