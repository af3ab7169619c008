// /proc/stat: CPU time by state, in clock ticks since boot, for all cores together and core by core.

/** Clock ticks of one core, or of all together; later fields of the line are parts of these. */
export type CpuTicks = {
  /** With nice, as Datadog's agent counts it. */
  readonly user: number;
  /** With hardware and software interrupts, as the agent counts it. */
  readonly system: number;
  readonly iowait: number;
  readonly stolen: number;
  readonly idle: number;
};

export type CpuState = keyof CpuTicks;
export const cpuStates: readonly CpuState[] = ['user', 'system', 'iowait', 'stolen', 'idle'];

/** Percent by state; a state whose counter went backwards is absent. */
export type CpuPercent = Readonly<Partial<Record<CpuState, number>>>;

/** Parses /proc/stat. Cores that are offline have no line and no entry. */
export function parseProcStat(text: string): { readonly all: CpuTicks; readonly cores: readonly CpuTicks[] } {
  const [all, ...cores] = text
    .split('\n')
    .filter((line) => line.startsWith('cpu'))
    .map(parseLine);
  if (!all) throw new Error('/proc/stat has no cpu line');
  return { all, cores };
}

/**
 * The share of each state in the time between two readings, in percent of all the time of those cores. The kernel may set
 * iowait and idle back (proc(5)): such a state is absent, and the ticks that `elapsedTicks` says must have passed are the whole.
 */
export function cpuPercent(before: CpuTicks, after: CpuTicks, elapsedTicks: number): CpuPercent {
  const deltas = cpuStates.map((state) => [state, after[state] - before[state]] as const);
  const forward = deltas.filter(([, delta]) => delta >= 0);
  const counted = forward.reduce((total, [, delta]) => total + delta, 0);
  const whole = forward.length === deltas.length ? counted : Math.max(counted, elapsedTicks);
  if (whole <= 0) return {};
  return Object.fromEntries(forward.map(([state, delta]) => [state, (100 * delta) / whole]));
}

function parseLine(line: string): CpuTicks {
  const ticks = line.trim().split(/\s+/).slice(1).map(Number);
  // Kernels before 2.6.11 have no steal; a missing column is a state that this kernel never counts.
  const at = (column: number) => ticks[column] ?? 0;
  return { user: at(0) + at(1), system: at(2) + at(5) + at(6), iowait: at(4), stolen: at(7), idle: at(3) };
}
