// Runs with a known service demand, for the tests of sizing.
import type { Observed } from '../../model/observed.ts';
import type { RunRecord, StageRecord } from '../../model/run-record.ts';

const begin = Date.parse('2026-11-22T10:00:00Z');
const summary = (value: number, spread = 0) => ({
  min: value * (1 - spread),
  max: value * (1 + spread),
  avg: value,
  samples: 10,
});

export type KnownRun = {
  /** vCPU-milliseconds of the app for one request. */
  readonly demandMs: number;
  /** Throughputs of the measured stages. */
  readonly rates: readonly number[];
  readonly target?: Partial<RunRecord['target']>;
  readonly rssBytes?: number;
  /** Busy cores of other programs on the host. */
  readonly otherVcpus?: number;
  /** Busy cores of the app without a request. */
  readonly restVcpus?: number;
  /** Alternating error of the app's CPU, as a share. */
  readonly noise?: number;
  readonly thresholds?: readonly string[];
  readonly p99Us?: number;
};

/** A run on a machine of two cores, and what was observed of it: an idle stage and one stage per rate. */
export function knownRun(known: KnownRun): { readonly run: RunRecord; readonly observed: Observed } {
  const { demandMs, rates, rssBytes = 100 * 1024 ** 2, otherVcpus = 0, restVcpus = 0, noise = 0 } = known;
  const stages = [0, ...rates].map((rate, index) => stage(rate, index, known.p99Us ?? 5000));
  const busy = (rate: number, index: number) =>
    restVcpus + (rate * demandMs) / 1000 + (rate * demandMs * noise * (index % 2 ? 1 : -1)) / 1000;
  const run: RunRecord = {
    schemaVersion: 2,
    id: '20261122-100000-known',
    status: 'complete',
    startedAt: new Date(begin).toISOString(),
    command: 'npm run stress',
    target: { url: 'http://127.0.0.1:8000', kind: 'shortener', startedByHarness: true, workers: 1, ...known.target },
    generator: {
      hostname: 'box',
      platform: 'linux',
      cpuModel: 'Known CPU',
      cores: 2,
      memoryGiB: 4,
      versions: {},
      processes: 1,
    },
    profile: {
      name: 'known',
      description: '',
      timeoutS: 5,
      stages: [{ kind: 'idle', name: 'at rest', durationS: 10 }],
      thresholds: [],
    } as unknown as RunRecord['profile'],
    routes: [],
    stages,
    thresholds: [...(known.thresholds ?? [])],
    validity: { verdict: 'valid', reasons: [] },
    warnings: [],
  };
  const observed: Observed = {
    schemaVersion: 1,
    run: run.id,
    sources: [],
    stages: [0, ...rates].map((rate, index) => ({
      name: stages[index]?.name ?? '',
      metrics: {
        'app.cpu': summary(100 * busy(rate, index), rate === 0 ? 0 : 0.1),
        'app.mem.rss': summary(rssBytes),
        'system.cpu.idle': summary(100 - (100 * (busy(rate, index) + otherVcpus + 0.1)) / 2),
        'system.mem.total': summary(4 * 1024 ** 3),
        'system.mem.usable': summary(3 * 1024 ** 3),
      },
      services: { headroom: { cpuPercent: summary(10), rssBytes: summary(50 * 1024 ** 2) } },
    })),
    measured: {},
  };
  return { run, observed };
}

function stage(rate: number, index: number, p99Us: number): StageRecord {
  const count = rate * 10;
  return {
    name: rate === 0 ? 'at rest' : `stage ${index}`,
    kind: rate === 0 ? 'idle' : 'closed',
    role: rate === 0 ? 'idle' : 'measured',
    startedAt: new Date(begin + index * 10_000).toISOString(),
    finishedAt: new Date(begin + (index + 1) * 10_000).toISOString(),
    durationS: 10,
    requests: { intended: count, sent: count, completed: count, dropped: 0, open: 0 },
    outcomes: { ok: count, unexpectedStatus: 0, timeout: 0, connectionError: 0 },
    statusCounts: {},
    routes: {},
    throughputPerS: rate,
    ...(rate > 0 && {
      latencyUs: {
        p50: 1000,
        p90: 2000,
        p95: 3000,
        p99: p99Us,
        p999: 9000,
        max: 9000,
        mean: 1200,
        count,
        histogram: '',
      },
    }),
    errors: {},
  };
}
