// How much of the cores that a target is measured on went to anybody but headroom and the target, and to whom.
import { cpus } from 'node:os';
import { parseProcStat } from './proc/proc-stat.ts';
import { ticksUsed } from './proc/process-cpu.ts';
import { processTree } from './proc/process-tree.ts';
import { hasProc, kernelConstants, readProcesses, readProcFile } from './proc/read-proc.ts';
import { serviceNames } from './proc/service-names.ts';

export type Taken = {
  /** Share of the cores' time, 0 to 1: of those that were asked about, else of all. */
  readonly takenShare: number;
  /** Names of the programs that used most CPU on this machine, the busiest first. */
  readonly takers: readonly string[];
};

/** Percent of a core that names a program. */
const leastPercent = 2;
const mostNames = 3;

/**
 * Returns a function that begins to look; what that returns gives what was taken since. `cores`: cores that are never idle, of which
 * headroom and the target have used `usedS` CPU-seconds so far: whatever is missing was taken, steal included, whether or not a process
 * is to be seen. Without it the CPU time of all other processes counts, and steal, as a share of the whole machine. Asked about fewer cores,
 * it takes all of that for theirs. Undefined where the platform does not say. `target`: processes of a target that headroom did not start.
 */
export function watchCores(
  own?: { readonly cores: number; readonly usedS: () => number },
  target: () => readonly number[] = () => [],
): ((cores?: number) => () => Taken) | undefined {
  if (!hasProc) return undefined;
  const { ticksPerS } = kernelConstants();
  const nameOf = serviceNames();
  const read = () => ({
    atS: performance.now() / 1000,
    usedS: own?.usedS() ?? 0,
    processes: readProcesses(),
    stolen: parseProcStat(readProcFile('stat')).all.stolen,
  });
  return (asked) => {
    const before = read();
    const cores = Math.min(asked ?? Number.POSITIVE_INFINITY, own?.cores ?? cpus().length);
    return () => {
      const now = read();
      const elapsedS = now.atS - before.atS;
      const ticks = ticksUsed(before.processes, now.processes);
      const ours = processTree(now.processes, [process.pid, ...target()]);
      const byName = new Map<string, number>();
      for (const each of now.processes) {
        const usedS = (ticks.get(each.pid) ?? 0) / ticksPerS;
        if (ours.has(each.pid) || usedS === 0) continue;
        const name = nameOf(each);
        byName.set(name, (byName.get(name) ?? 0) + usedS);
      }
      const others = [...byName].sort(([, a], [, b]) => b - a);
      const othersS = others.reduce((sum, [, usedS]) => sum + usedS, 0) + (now.stolen - before.stolen) / ticksPerS;
      const takenS = own ? elapsedS * own.cores - (now.usedS - before.usedS) : othersS;
      return {
        takenShare: Math.min(1, Math.max(0, takenS / (elapsedS * cores))),
        takers: others
          .filter(([, usedS]) => 100 * usedS >= leastPercent * elapsedS)
          .slice(0, mostNames)
          .map(([name]) => name),
      };
    };
  };
}
