import type { Process } from './proc-process.ts';
import { processTree } from './process-tree.ts';
import { hasProc, kernelConstants, readProcesses, readThreadsNs } from './read-proc.ts';

/**
 * Returns a function that gives the CPU-seconds of living processes and their descendants so far; undefined where there is no /proc. Ticks of
 * 10 ms leave out as much of each process; the nanoseconds of its living threads leave out threads that have ended: the larger counts.
 */
export function processCpuS(pids: () => readonly number[]): (() => number) | undefined {
  if (!hasProc) return undefined;
  const { ticksPerS } = kernelConstants();
  return () => {
    const processes = readProcesses();
    const tree = processTree(processes, pids());
    return processes
      .filter(({ pid }) => tree.has(pid))
      .map(({ pid, ownTicks, reapedTicks }) => {
        const ownS = Math.max(ownTicks / ticksPerS, (readThreadsNs(pid) ?? 0) / 1e9);
        return ownS + reapedTicks / ticksPerS;
      })
      .reduce((sum, each) => sum + each, 0);
  };
}

/**
 * The clock ticks that each living process used between two readings, with those of children that ended meanwhile: the compilers of a
 * build live for less than a sample, and only their parent's count of reaped children includes them.
 */
export function ticksUsed(before: readonly Process[], after: readonly Process[]): Map<number, number> {
  const earlier = new Map(before.map((process) => [process.pid, process]));
  const later = new Map(after.map((process) => [process.pid, process]));
  const livesOn = (process: Process) => later.get(process.pid)?.startedAtTicks === process.startedAtTicks;

  // The ticks of an ended process were counted while it lived: they are subtracted from its nearest living ancestor.
  const alreadyCounted = new Map<number, number>();
  for (const gone of before) {
    if (livesOn(gone)) continue;
    let heir = earlier.get(gone.parentPid);
    while (heir && !livesOn(heir)) heir = earlier.get(heir.parentPid);
    if (!heir) continue;
    alreadyCounted.set(heir.pid, (alreadyCounted.get(heir.pid) ?? 0) + gone.ownTicks + gone.reapedTicks);
  }

  const used = new Map<number, number>();
  for (const process of after) {
    const known = earlier.get(process.pid);
    const same = known?.startedAtTicks === process.startedAtTicks ? known : undefined;
    const own = process.ownTicks - (same?.ownTicks ?? 0);
    const reaped = process.reapedTicks - (same?.reapedTicks ?? 0) - (alreadyCounted.get(process.pid) ?? 0);
    // A parent that does not wait for its children does not get their ticks: the difference is then negative.
    used.set(process.pid, Math.max(0, own) + Math.max(0, reaped));
  }
  return used;
}
