import { processTree } from './process-tree.ts';
import { hasProc, readProcesses } from './read-proc.ts';

/** Of these processes and their descendants those that live. A process that ended and was not waited for holds no memory. */
export function livingFamily(roots: Iterable<number>): readonly number[] {
  if (!hasProc) return [...roots].filter(exists);
  const processes = readProcesses();
  const tree = processTree(processes, [...roots]);
  return processes.filter(({ pid, rssPages }) => tree.has(pid) && rssPages > 0).map(({ pid }) => pid);
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
