// The part of processes' CPU time that the kernel spent on their behalf.
import type { Process } from './proc-process.ts';
import { processTree } from './process-tree.ts';
import { hasProc, kernelConstants, readProcesses } from './read-proc.ts';

/**
 * The share of system time in the CPU time that these processes used between two readings; undefined when they used less than `fewestTicks`. The host's
 * own ticks cannot show it: how many of them hit a process that keeps a core awake is unknown.
 */
export function systemShare(
  before: readonly Process[],
  after: readonly Process[],
  of: ReadonlySet<number>,
  fewestTicks = 1,
): number | undefined {
  const earlier = new Map(before.map((process) => [process.pid, process]));
  let [own, system] = [0, 0];
  for (const process of after) {
    const known = earlier.get(process.pid);
    if (!of.has(process.pid) || known?.startedAtTicks !== process.startedAtTicks) continue;
    own += process.ownTicks - known.ownTicks;
    system += process.systemTicks - known.systemTicks;
  }
  return own >= fewestTicks ? Math.min(1, Math.max(0, system / own)) : undefined;
}

/**
 * Begins to count; what it returns gives the share of system time of living processes and their descendants since. Undefined where there is no /proc;
 * the share is undefined where they used less than a second.
 */
export function countSystemShare(pids: () => readonly number[]): (() => number | undefined) | undefined {
  if (!hasProc) return undefined;
  const before = readProcesses();
  // The kernel divides user from system time by what it sees every few ms, so that less says little.
  const { ticksPerS } = kernelConstants();
  return () => {
    const after = readProcesses();
    return systemShare(before, after, processTree(after, pids()), ticksPerS);
  };
}
