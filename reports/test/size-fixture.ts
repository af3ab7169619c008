// Runs with a known service demand, for the tests of sizing.
import type { Observed } from '../../model/observed.ts';
import { present } from '../../model/present.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { isoAt, makeLatency, makeObserved, makeRun, makeStage } from '../../model/test/make-run.ts';

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
  readonly vcpuSpeed?: RunRecord['vcpuSpeed'];
  readonly probe?: RunRecord['probe'];
  readonly appSystemShare?: RunRecord['appSystemShare'];
};

/** A run on a machine of two cores, and what was observed of it: an idle stage and one stage per rate. */
export function knownRun(known: KnownRun): { readonly run: RunRecord; readonly observed: Observed } {
  const { demandMs, rates, rssBytes = 100 * 1024 ** 2, otherVcpus = 0, restVcpus = 0, noise = 0 } = known;
  const stages = [0, ...rates].map((rate, index) => stage(rate, index, known.p99Us ?? 5000));
  const busy = (rate: number, index: number) =>
    restVcpus + (rate * demandMs) / 1000 + (rate * demandMs * noise * (index % 2 ? 1 : -1)) / 1000;
  const run = makeRun({
    id: '20261122-100000-known',
    target: { ...makeRun().target, workers: 1, ...known.target },
    generator: { ...makeRun().generator, cpuModel: 'Known CPU' },
    stages,
    thresholds: [...(known.thresholds ?? [])],
    ...present({ vcpuSpeed: known.vcpuSpeed, probe: known.probe, appSystemShare: known.appSystemShare }),
  });
  const seen = [0, ...rates].map((rate, index) => ({
    name: stages[index]?.name ?? '',
    metrics: {
      'app.cpu': summary(100 * busy(rate, index), rate === 0 ? 0 : 0.1),
      'app.mem.rss': summary(rssBytes),
      'system.cpu.idle': summary(100 - (100 * (busy(rate, index) + otherVcpus + 0.1)) / 2),
      'system.mem.total': summary(4 * 1024 ** 3),
      'system.mem.usable': summary(3 * 1024 ** 3),
    },
    services: { headroom: { cpuPercent: summary(10), rssBytes: summary(50 * 1024 ** 2) } },
  }));
  const observed = makeObserved(run, () => ({}), { stages: seen });
  return { run, observed };
}

const stage = (rate: number, index: number, p99Us: number): StageRecord =>
  makeStage({
    ...(rate === 0 ? { kind: 'idle' as const } : { name: `stage ${index}` }),
    startedAt: isoAt(index * 10),
    finishedAt: isoAt((index + 1) * 10),
    throughputPerS: rate,
    ...(rate > 0 && { latencyUs: makeLatency(1000, { p99: p99Us, count: rate * 10 }) }),
  });
