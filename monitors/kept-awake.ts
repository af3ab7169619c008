// Processes that only keep cores from being idle, beside an emulated machine: what they take is idle time.
import type { Process } from './proc-process.ts';
import type { CpuPercent, CpuTicks } from './proc-stat.ts';

export type KeptAwake = {
  /** Of each such core: its process, and the CPU time that it took until now. */
  use(): readonly { readonly core: number; readonly pid: number; readonly cpuUs: number }[];
  /** What they, and those that were stopped before, have in the load averages over 1, 5 and 15 minutes. */
  loads(): readonly number[];
};

/** Of /proc. */
export type Reading = {
  readonly cpu: { readonly all: CpuTicks; readonly cores: readonly CpuTicks[] };
  readonly processes: readonly Process[];
};

/** The reading of /proc/stat with the time of such processes, as their groups measured it, as idle. */
export function withoutAwake<T extends Reading>(reading: T, awake: KeptAwake | undefined, ticksPerS: number): T {
  const used = awake?.use() ?? [];
  const move = (ticks: CpuTicks, of: typeof used): CpuTicks => {
    const cpuUs = of.reduce((sum, each) => sum + each.cpuUs, 0);
    return { ...ticks, idle: ticks.idle + (cpuUs / 1e6) * ticksPerS };
  };
  return {
    ...reading,
    cpu: {
      all: move(reading.cpu.all, used),
      cores: reading.cpu.cores.map((ticks, index) => {
        const own = used.filter(({ core }) => core === index);
        return move(ticks, own);
      }),
    },
  };
}

/**
 * The share of system time in what all processes but these used between two readings; undefined when they used nothing. Of the machine's
 * own ticks, nobody knows how many met a process that keeps a core awake.
 */
export function systemShare(
  before: readonly Process[],
  after: readonly Process[],
  without: ReadonlySet<number>,
): number | undefined {
  const earlier = new Map(before.map((process) => [process.pid, process]));
  let [own, system] = [0, 0];
  for (const process of after) {
    const known = earlier.get(process.pid);
    if (without.has(process.pid) || known?.startedAtTicks !== process.startedAtTicks) continue;
    own += process.ownTicks - known.ownTicks;
    system += process.systemTicks - known.systemTicks;
  }
  return own > 0 ? Math.min(1, Math.max(0, system / own)) : undefined;
}

/** User and system time together in that proportion. */
export function splitBusy(percent: CpuPercent, share: number | undefined): CpuPercent {
  if (share === undefined) return percent;
  const busy = (percent.user ?? 0) + (percent.system ?? 0);
  return { ...percent, user: busy * (1 - share), system: busy * share };
}
