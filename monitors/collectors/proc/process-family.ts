import { processTree } from './process-tree.ts';
import { hasProc, readEnvironment, readProcesses } from './read-proc.ts';

/** Of these processes and their descendants those that live. A process that ended and was not waited for holds no memory. */
export function livingFamily(roots: Iterable<number>): readonly number[] {
  if (!hasProc) return [...roots].filter(exists);
  const processes = readProcesses();
  const tree = processTree(processes, [...roots]);
  return processes.filter(({ pid, rssPages }) => tree.has(pid) && rssPages > 0).map(({ pid }) => pid);
}

/** The living processes that have this entry, NAME=VALUE, in the environment that they were started with. None where there is no /proc. */
export function markedProcesses(entry: string): readonly number[] {
  if (!hasProc) return [];
  return readProcesses().flatMap(({ pid, rssPages }) =>
    rssPages > 0 && readEnvironment(pid).includes(entry) ? [pid] : [],
  );
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
