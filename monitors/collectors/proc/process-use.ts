import { sum } from '../../../model/stage/sums.ts';
import { processTree } from './process-tree.ts';
import { hasProc, kernelConstants, readProcesses, readSharedPages } from './read-proc.ts';

/**
 * Returns a function that gives what a process and its living descendants have used: CPU-seconds, with those of children that they waited
 * for, and bytes of memory now, without pages that are shared with others (programs, libraries). Undefined where there is no /proc.
 */
export function treeUse(): ((pid: number) => { readonly cpuS: number; readonly memoryBytes: number }) | undefined {
  if (!hasProc) return undefined;
  const { pageBytes, ticksPerS } = kernelConstants();
  return (root) => {
    const processes = readProcesses();
    const tree = processTree(processes, [root]);
    const own = processes.filter(({ pid }) => tree.has(pid));
    const pages = own.map(({ pid, rssPages }) => Math.max(0, rssPages - readSharedPages(pid)));
    const ticks = own.map(({ ownTicks, reapedTicks }) => ownTicks + reapedTicks);
    return { cpuS: sum(ticks) / ticksPerS, memoryBytes: sum(pages) * pageBytes };
  };
}
