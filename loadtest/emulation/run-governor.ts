// Runs a governor on timers, with a sample of its instance every second.
import { cpus, hostname } from 'node:os';
import type { BurstableType } from '../../model/catalogue/instance-catalogue.ts';
import { creditBalance } from '../../model/credits/credit-bank.ts';
import type { HostLine } from '../../model/second.ts';
import { createGovernor, type GovernorOptions, type GovernorState } from './governor.ts';
import type { GroupUse } from './group.ts';

const sampleMs = 1000;

export type Governor = {
  state(): GovernorState;
  lend(): void;
  empty(): void;
  renew(on: Pick<GovernorOptions, 'share' | 'ownCores'>): void;
  stop(): void;
};

/** Its timers do not keep the process alive. */
export function startGovernor(options: GovernorOptions & { readonly onSample: (line: HostLine) => void }): Governor {
  const { type, group, onSample } = options;
  const coresOf = (ownCores: number | undefined) => Math.min(ownCores ?? cpus().length, type.vcpus);
  let cores = coresOf(options.ownCores);
  const now = () => performance.now();
  const governor = createGovernor(options, now());
  let timer: NodeJS.Timeout | undefined;
  let sampled = { atMs: now(), use: group.use() };
  let lent = false;
  const sample = () => {
    const atMs = now();
    const durationMs = atMs - sampled.atMs;
    if (durationMs < sampleMs / 2 || lent) return;
    const use = group.use();
    onSample(sampleOf(type, governor.state(), { before: sampled.use, use, durationMs, cores }));
    sampled = { atMs, use };
  };
  const run = () => {
    timer = setTimeout(run, governor.check(now())).unref();
    if (now() - sampled.atMs >= sampleMs) sample();
  };
  run();
  // What was until now ends here: a sample over both states would belong to the one before, and say that its credits were gone.
  const endState = () => {
    governor.check(now());
    sample();
  };
  return {
    state: governor.state,
    lend: () => {
      endState();
      lent = true;
      governor.lend(now());
    },
    empty: () => {
      endState();
      governor.empty(now());
      // What was lent is no use of the instance.
      if (lent) sampled = { atMs: now(), use: group.use() };
      lent = false;
    },
    renew: (on) => {
      endState();
      governor.renew(now(), on);
      cores = coresOf(on.ownCores);
    },
    stop: () => {
      if (!timer) return;
      clearTimeout(timer);
      timer = undefined;
      endState();
    },
  };
}

type Sampled = {
  readonly before: GroupUse;
  readonly use: GroupUse;
  readonly durationMs: number;
  readonly cores: number;
};

function sampleOf(type: BurstableType, { bank, vcpuShare }: GovernorState, sampled: Sampled): HostLine {
  const { before, use, durationMs } = sampled;
  return {
    kind: 'host',
    at: new Date().toISOString(),
    source: 'emulated',
    host: `${type.instanceType} on ${hostname()}`,
    intervalS: durationMs / 1000,
    metrics: {
      'aws.ec2.cpucredit_balance': creditBalance(bank),
      'aws.ec2.cpuutilization': (use.cpuUs - before.cpuUs) / 10 / (durationMs * type.vcpus * vcpuShare),
      'system.cpu.stolen': stolenPercent(before, use, { ...sampled, vcpus: type.vcpus, vcpuShare }),
    },
  };
}

/**
 * What the guest of such an instance would see as stolen, in percent of its vCPUs: it was runnable (ran or was held back) for a share of
 * the time, and ran for a share of its vCPUs. A vCPU that is a part of a core is slow, not stolen.
 */
export function stolenPercent(
  before: GroupUse,
  after: GroupUse,
  machine: { readonly durationMs: number; readonly vcpus: number; readonly vcpuShare: number; readonly cores: number },
): number {
  const usedMs = (after.cpuUs - before.cpuUs) / 1000;
  const heldMs = (after.throttledUs - before.throttledUs) / 1000;
  const runnable = Math.min(1, (usedMs + heldMs) / (machine.durationMs * machine.cores));
  const ran = usedMs / (machine.durationMs * machine.vcpus * machine.vcpuShare);
  return 100 * Math.max(0, Math.min(1, runnable) - ran);
}
