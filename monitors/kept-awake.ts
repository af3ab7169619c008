// Processes that only keep cores from being idle, beside an emulated machine: what they take is idle time.
import type { Process } from './proc-process.ts';
import type { CpuTicks } from './proc-stat.ts';

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

/**
 * The reading of /proc/stat with the time of such processes as idle: what their groups measured goes to idle, and what the kernel counted by
 * its ticks goes from user and system. A process is not counted by the same ticks as the machine: no state goes back behind `before`, the
 * reading that was made last.
 */
export function withoutAwake<T extends Reading>(
  reading: T,
  awake: KeptAwake | undefined,
  ticksPerS: number,
  before?: Reading,
): T {
  const moved = (awake?.use() ?? []).map(({ core, pid, cpuUs }) => {
    const { ownTicks = 0, systemTicks = 0 } = reading.processes.find((each) => each.pid === pid) ?? {};
    return { core, idle: (cpuUs / 1e6) * ticksPerS, user: ownTicks - systemTicks, system: systemTicks };
  });
  const move = (ticks: CpuTicks, of: typeof moved, last: CpuTicks | undefined): CpuTicks => {
    const sum = (state: 'idle' | 'user' | 'system') => of.reduce((total, each) => total + each[state], 0);
    const left = (state: 'user' | 'system') =>
      of.length === 0 ? ticks[state] : Math.max(last?.[state] ?? 0, ticks[state] - sum(state));
    return { ...ticks, idle: ticks.idle + sum('idle'), user: left('user'), system: left('system') };
  };
  const { all, cores } = reading.cpu;
  return {
    ...reading,
    cpu: {
      all: move(all, moved, before?.cpu.all),
      cores: cores.map((ticks, index) => {
        const own = moved.filter(({ core }) => core === index);
        return move(ticks, own, before?.cpu.cores[index]);
      }),
    },
  };
}
