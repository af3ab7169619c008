// The records that tests and benches make up. Every field has a default that is valid; a test gives only what it is about.

import type { Latency } from '../latency/latency-schema.ts';
import type { Observed, SeriesSummary } from '../observed.ts';
import type { RunRecord } from '../run-record.ts';
import type { LoadLine } from '../second.ts';
import type { StageRecord } from '../stage/stage-record.ts';

const beganAt = Date.UTC(2026, 0, 1);

/** The time of a second of the made-up run, which starts with the year 2026. */
export const isoAt = (second: number): string => new Date(beganAt + second * 1000).toISOString();

/** A complete, valid run of the shortener without a stage. */
export function makeRun(given: Partial<RunRecord> = {}): RunRecord {
  return {
    schemaVersion: 2,
    id: 'a',
    status: 'complete',
    startedAt: isoAt(0),
    command: 'npm run stress',
    target: { url: 'http://127.0.0.1:8000', kind: 'shortener', startedByHarness: true },
    generator: { hostname: 'h', platform: 'p', cpuModel: 'c', cores: 2, memoryGiB: 4, versions: {}, processes: 1 },
    profile: {
      name: 'made',
      description: '',
      timeoutS: 5,
      thresholds: [],
      autostop: [],
      stages: [{ kind: 'idle', name: 'at rest', durationS: 1 }],
    },
    routes: [],
    stages: [],
    thresholds: [],
    validity: { verdict: 'valid', reasons: [] },
    warnings: [],
    ...given,
  };
}

/** A measured closed stage of 10 s and 100 answers per second, all as expected; an idle one has none. Counts follow from both. */
export function makeStage(given: Partial<StageRecord> = {}): StageRecord {
  const { kind = 'closed', durationS = 10, throughputPerS = kind === 'idle' ? 0 : 100 } = given;
  const count = Math.round(throughputPerS * durationS);
  return {
    name: kind === 'idle' ? 'at rest' : 'load',
    kind,
    role: kind === 'idle' ? 'idle' : 'measured',
    startedAt: isoAt(0),
    durationS,
    requests: { intended: count, sent: count, completed: count, dropped: 0, open: 0 },
    outcomes: { ok: count, unexpectedStatus: 0, timeout: 0, connectionError: 0 },
    statusCounts: count > 0 ? { 200: count } : {},
    routes: {},
    throughputPerS,
    errors: {},
    ...given,
  };
}

/** Latencies that are all the same; without a histogram. */
export function makeLatency(us: number, given: Partial<Latency> = {}): Latency {
  return { p50: us, p90: us, p95: us, p99: us, p999: us, max: us, mean: us, count: 100, histogram: '', ...given };
}

/** A second of load in which `ok` requests were sent and answered as expected. */
export function makeSecond(ok: number, given: Partial<LoadLine> = {}): LoadLine {
  return {
    kind: 'load',
    stage: 0,
    generator: 0,
    at: isoAt(0),
    durationS: 1,
    sent: ok,
    outcomes: { ok, unexpectedStatus: 0, timeout: 0, connectionError: 0 },
    statusCounts: { 200: ok },
    routes: {},
    open: 0,
    eventLoopUtilization: 0.1,
    cpuS: 0.1,
    ...given,
  };
}

/** A figure that stayed the same. */
export const steadyAt = (value: number): SeriesSummary => ({ min: value, max: value, avg: value, samples: 3 });

/** What was observed of a run: these metrics of each of its stages. */
export function makeObserved(
  run: RunRecord,
  metricsOf: (stage: StageRecord, index: number) => Observed['stages'][number]['metrics'],
  given: Partial<Observed> = {},
): Observed {
  const stages = run.stages.map((stage, index) => ({
    name: stage.name,
    metrics: metricsOf(stage, index),
    services: {},
  }));
  return { schemaVersion: 1, run: run.id, sources: [], stages, measured: {}, ...given };
}
