// Runs of two emulated types that were visited in turn, with figures that can be worked out by hand.
import type { Block } from '../../model/block.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { isoAt, makeObserved, makeRun, makeStage, steadyAt } from '../../model/test/make-run.ts';
import { sharedCoreCost } from '../measured/shared-core.ts';
import type { RunSeen } from '../sizing/rates/measured-type.ts';

/** CPU-seconds of a request, and what a slice of the quota costs on top. */
const requestS = 0.0001;
const sliceS = 0.001;

export type BlockRun = {
  readonly instanceType: 't2.medium' | 't2.micro';
  /** Clean blocks of each stage. */
  readonly clean?: number;
  /** Times the rates, with the same CPU. */
  readonly faster?: number;
  /** Times the CPU time of a redis SET beside each block, in turn; the app slows down by the power of 1.5. */
  readonly slower?: readonly number[];
  readonly target?: Partial<RunRecord['target']>;
  readonly validity?: RunRecord['validity'];
};

const machines = {
  // Two workers shared one core: with credits half a core each, and each request cost more than on a vCPU of its own.
  't2.medium': {
    vcpus: 2,
    memoryGiB: 4,
    vcpuShare: 0.5,
    baselineCores: 0.4,
    burstCores: 1,
    dearer: sharedCoreCost.value,
  },
  't2.micro': { vcpus: 1, memoryGiB: 1, vcpuShare: 1, baselineCores: 0.1, burstCores: 1, dearer: 1 },
} as const;

/** Blocks of 2 s that used so many cores, one second apart; the first is a disturbed one. */
function blocks(perS: number, cores: number, { clean = 8, slower }: BlockRun, from: number): Block[] {
  const at = (index: number) => isoAt(from + 4 * index);
  const probe = { beforeMs: 250, afterMs: 252 };
  const disturbed: Block = {
    startedAt: at(0),
    durationS: 2,
    throughputPerS: perS / 2,
    appCpuS: 2 * cores,
    probe: { beforeMs: 250, afterMs: 410 },
    clean: false,
    disturbance: { code: 'slow-probe', text: 'The probe took 410 ms' },
  };
  // Alternately 1 % above and below.
  const each = Array.from({ length: clean }, (_, index) => {
    const throughputPerS = perS * (index % 2 ? 1.01 : 0.99);
    const times = slower?.[index % slower.length];
    return {
      startedAt: at(index + 1),
      durationS: 2,
      throughputPerS: throughputPerS / (times ?? 1) ** 1.5,
      appCpuS: 2 * cores,
      probe,
      ...(times && { redisSet: { beforeUs: 8 * times, afterUs: 8 * times } }),
      clean: times === undefined || times <= 1.12,
      ...(times && times > 1.12 && { disturbance: { code: 'core-slow', times, text: 'The core was slow' } }),
    };
  });
  return [disturbed, ...each];
}

/** 10,000 requests/s on a core of its own; without credits 3,800 (t2.medium, 20 slices a second) and 900 (t2.micro, 10). */
export function blockRun(asked: BlockRun): RunSeen {
  const { instanceType, clean = 8, faster = 1, slower, target, validity } = asked;
  const { vcpus, memoryGiB, vcpuShare, baselineCores, burstCores, dearer } = machines[instanceType];
  const burst = (faster * burstCores) / (dearer * requestS);
  const sustained = (faster * (baselineCores / dearer - 10 * vcpus * sliceS)) / requestS;
  const stages: StageRecord[] = [
    makeStage({ kind: 'idle', startedAt: isoAt(0), finishedAt: isoAt(2), durationS: 2 }),
    ...[1, 2, 4].map((connections, index) =>
      makeStage({
        name: `${connections} connections`,
        connections,
        startedAt: isoAt(10 + 4 * index),
        durationS: 2,
        throughputPerS: (burst * (index + 1)) / 3,
        appCpuS: (2 * burstCores * (index + 1)) / 3,
      }),
    ),
    makeStage({
      name: 'saturation',
      connections: 4,
      startedAt: isoAt(30),
      durationS: 2 * (clean + 1),
      throughputPerS: burst,
      blocks: blocks(burst, burstCores, asked, 30),
    }),
    makeStage({
      name: 'credits gone',
      role: 'sustained',
      connections: 4,
      startedAt: isoAt(70),
      durationS: 2 * (clean + 1),
      throughputPerS: sustained,
      blocks: blocks(sustained, baselineCores, asked, 70),
    }),
  ];
  const run = makeRun({
    id: `20261128-100000-${instanceType}`,
    target: {
      ...makeRun().target,
      instanceType,
      vcpus,
      memoryGiB,
      workers: vcpus,
      vcpuShare,
      vcpuShareAtBaseline: 1,
      ...target,
    },
    stages,
    saturation: { throughputPerS: burst, connections: 4, stage: 'saturation' },
    probe: { fastestMs: 248, medianMs: 251, count: 40 },
    ...(slower && { vcpuSpeed: { core: 0, redisSetUs: { value: 8, low: 7.6, high: 8.4, windows: 34 } } }),
    ...(validity && { validity }),
  });
  const observed = makeObserved(run, () => ({
    'app.cpu': steadyAt(0),
    'app.mem.rss': steadyAt(100 * 1024 ** 2),
    'system.cpu.idle': steadyAt(95),
  }));
  return { run, observed };
}
