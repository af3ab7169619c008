// /proc/stat: CPU time by state, in clock ticks since boot, for all cores together and core by core.
import { sum } from '../../../model/stage/sums.ts';

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

type CpuState = keyof CpuTicks;
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
 * The share of each state in the time between two readings, in percent of the time that passed on those cores, `elapsedTicks`.
 *
 * With tickless idle Linux measures idle, iowait and stolen time, but usually counts the rest at its timer interrupt: what runs at that
 * moment gets the whole tick. Bursts in step with the tick are missed or counted twice: under a CPU quota the ticks showed 9 % where the
 * control group had used 50 %, and the states added up to half of the time, or to more than all of it. So the time that is neither idle,
 * iowait nor stolen is split between user and system in proportion to their ticks.
 *
 * The kernel may decrease iowait and idle (proc(5)): such a state is absent, and the other ticks are used unchanged.
 */
export function cpuPercent(before: CpuTicks, after: CpuTicks, elapsedTicks: number): CpuPercent {
  const deltas = cpuStates.map((state) => [state, after[state] - before[state]] as const);
  const forward = deltas.filter(([, delta]) => delta >= 0);
  const counted = sum(forward.map(([, delta]) => delta));
  // Counters that stand still hold no information: some containers have only zeros, and a cache repeats values.
  if (elapsedTicks <= 0 || counted === 0) return {};
  const percentOf = (whole: number) =>
    Object.fromEntries(forward.map(([state, delta]) => [state, (100 * delta) / whole]));
  if (forward.length < deltas.length) return percentOf(Math.max(counted, elapsedTicks));
  const measured = sum(forward.filter(([state]) => isMeasured.has(state)).map(([, delta]) => delta));
  const rest = Math.max(0, elapsedTicks - measured);
  const whole = measured + rest;
  const share = (state: CpuState, delta: number): number => {
    if (isMeasured.has(state)) return delta;
    // No tick was counted as busy: the rest counts as user time.
    if (counted === measured) return state === 'user' ? rest : 0;
    return (rest * delta) / (counted - measured);
  };
  return Object.fromEntries(forward.map(([state, delta]) => [state, (100 * share(state, delta)) / whole]));
}

/** The ticks of several cores together. */
export function sumTicks(cores: readonly CpuTicks[]): CpuTicks {
  const of = (state: CpuState) => sum(cores.map((core) => core[state]));
  return { user: of('user'), system: of('system'), iowait: of('iowait'), stolen: of('stolen'), idle: of('idle') };
}

const isMeasured: ReadonlySet<CpuState> = new Set(['iowait', 'stolen', 'idle']);

function parseLine(line: string): CpuTicks {
  const ticks = line.trim().split(/\s+/).slice(1).map(Number);
  // Kernels before 2.6.11 have no steal; a missing column is a state that this kernel never counts.
  const at = (column: number) => ticks[column] ?? 0;
  return { user: at(0) + at(1), system: at(2) + at(5) + at(6), iowait: at(4), stolen: at(7), idle: at(3) };
}
