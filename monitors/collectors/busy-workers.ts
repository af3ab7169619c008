// How many vCPUs an app can keep busy: its threads, or processes of a language with one lock, that share the work.
import { readlinkSync } from 'node:fs';
import type { Process } from './proc/proc-process.ts';
import { processTree } from './proc/process-tree.ts';
import { hasProc, isUnreadable, readProcesses, readThreads } from './proc/read-proc.ts';

/** Of the CPU of the busiest: garbage collectors and loggers beside it use less, a second worker more. */
const leastShare = 0.3;

/** Runs one thread at a time in each process. */
const oneAtATime = /^(python|pypy|ruby)/;

/**
 * Begins to look at the app's processes. What it returns gives the number of workers since: those that used at least 30 % of what the busiest
 * did. Undefined without /proc, or where nothing ran.
 */
export function watchWorkers(pids: () => readonly number[]): () => number | undefined {
  if (!hasProc) return () => undefined;
  const before = readWorkers(pids());
  return () => {
    const used = [...readWorkers(pids())].map(([id, ticks]) => ticks - (before.get(id) ?? 0));
    const most = Math.max(0, ...used);
    return most > 0 ? used.filter((ticks) => ticks >= leastShare * most).length : undefined;
  };
}

/** Ticks by worker. */
function readWorkers(roots: readonly number[]): ReadonlyMap<string, number> {
  const processes = readProcesses();
  const tree = processTree(processes, roots);
  const own = processes.filter(({ pid }) => tree.has(pid)).flatMap((each) => workersOf(each));
  return new Map(own.map(({ pid, startedAtTicks, ownTicks }) => [`${pid} ${startedAtTicks}`, ownTicks]));
}

function workersOf(each: Process): readonly Process[] {
  return oneAtATime.test(programOf(each.pid)) ? [each] : readThreads(each.pid);
}

function programOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`).split('/').at(-1) ?? '';
  } catch (error) {
    if (isUnreadable(error)) return '';
    throw error;
  }
}
