// The part of processes' CPU time that the kernel spent on their behalf.
import type { Process } from './proc-process.ts';
import { processTree } from './process-tree.ts';
import { hasProc, kernelConstants, readProcesses } from './read-proc.ts';

type Ticks = { readonly own: number; readonly system: number };

/** What these processes used between two readings; nothing of those that only one of them has. */
function ticksBetween(before: readonly Process[], after: readonly Process[], of: ReadonlySet<number>): Ticks {
  const earlier = new Map(before.map((process) => [process.pid, process]));
  let [own, system] = [0, 0];
  for (const process of after) {
    const known = earlier.get(process.pid);
    if (!of.has(process.pid) || known?.startedAtTicks !== process.startedAtTicks) continue;
    own += process.ownTicks - known.ownTicks;
    system += process.systemTicks - known.systemTicks;
  }
  return { own, system };
}

function shareOf({ own, system }: Ticks, fewestTicks: number): number | undefined {
  return own >= fewestTicks ? Math.min(1, Math.max(0, system / own)) : undefined;
}

/**
 * The share of system time in the CPU time that these processes used between two readings; undefined when they used none. The host's own ticks
 * cannot show it: how many of them hit a process that keeps a core awake is unknown.
 */
export function systemShare(
  before: readonly Process[],
  after: readonly Process[],
  of: ReadonlySet<number>,
): number | undefined {
  return shareOf(ticksBetween(before, after, of), 1);
}

type SystemShare = {
  /** To be called before processes end, and once others have started in their place: what was used until then counts, their start does not. */
  readonly count: () => void;
  /** Undefined where they used less than a second. */
  readonly share: () => number | undefined;
};

/** Begins to count the system time of living processes and their descendants. Undefined where there is no /proc. */
export function countSystemShare(pids: () => readonly number[]): SystemShare | undefined {
  if (!hasProc) return undefined;
  // The kernel divides user from system time by what it sees every few ms, so that less than a second says little.
  const { ticksPerS } = kernelConstants();
  let before = readProcesses();
  let used: Ticks = { own: 0, system: 0 };
  const count = (): void => {
    const after = readProcesses();
    const { own, system } = ticksBetween(before, after, processTree(after, pids()));
    used = { own: used.own + own, system: used.system + system };
    before = after;
  };
  return {
    count,
    share: () => {
      count();
      return shareOf(used, ticksPerS);
    },
  };
}
