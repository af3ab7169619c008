// Processes that keep cores awake beside an emulated instance: the CPU time that they use counts as idle.
import type { Process } from './proc/proc-process.ts';
import { type CpuPercent, type CpuTicks, cpuStates } from './proc/proc-stat.ts';

export type KeptAwake = {
  /** Of each such core: its process, and the CPU time that it has used so far. */
  use(): readonly { readonly core: number; readonly pid: number; readonly cpuUs: number }[];
};

/** Of /proc. */
export type Reading = {
  readonly cpu: { readonly all: CpuTicks; readonly cores: readonly CpuTicks[] };
  readonly processes: readonly Process[];
};

/** The reading with the CPU time of these processes, as their control groups measured it, counted as idle. */
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
 * The states of a core that was kept awake: user and system time split by `share`, and no iowait, which the kernel counts only while a
 * core is idle.
 */
export function splitBusy({ iowait: _, ...percent }: CpuPercent, share: number | undefined): CpuPercent {
  const { user, system } = percent;
  if (share === undefined || user === undefined || system === undefined) return percent;
  return { ...percent, user: (user + system) * (1 - share), system: (user + system) * share };
}

/** All cores together: the mean of each state that every core has. */
export function meanOf(cores: readonly CpuPercent[]): CpuPercent {
  const known = cpuStates.flatMap((state) => {
    const values = cores.map((core) => core[state]).filter((each) => each !== undefined);
    return values.length === cores.length && cores.length > 0
      ? [[state, values.reduce((sum, each) => sum + each, 0) / cores.length] as const]
      : [];
  });
  return Object.fromEntries(known);
}
