import { processTree } from './process-tree.ts';
import { hasProc, kernelConstants, readProcesses, readSharedPages } from './read-proc.ts';

/**
 * Returns a function that gives the memory in use by a process and its descendants, in bytes, without pages that are shared with others
 * (programs, libraries); undefined where there is no /proc.
 */
export function treeMemory(): ((pid: number) => number) | undefined {
  if (!hasProc) return undefined;
  const { pageBytes } = kernelConstants();
  return (root) => {
    const processes = readProcesses();
    const tree = processTree(processes, [root]);
    const own = processes
      .filter(({ pid }) => tree.has(pid))
      .map(({ pid, rssPages }) => Math.max(0, rssPages - readSharedPages(pid)));
    return pageBytes * own.reduce((sum, each) => sum + each, 0);
  };
}
