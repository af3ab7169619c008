// A v2 group that has processes gives no memory controller to groups below it ("no internal processes"): they move into a leaf meanwhile.
import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { enableControllers, offered, read, write } from './cgroup-tree.ts';
import { prefix } from './group-name.ts';

/** One name for all runs: the next one finds it, and moves the processes back, when the run that made it was killed. */
export const leafName = `${prefix}leaf`;
/** Processes that start while others are moved appear again. */
const rounds = 100;

/** Prepares a group to have groups of ours below it. Returns what undoes that. Throws the kernel's errors with nothing left behind. */
export function makeRoom(tree: string): () => void {
  const leaf = join(tree, leafName);
  // The kernel's own root has no such file, and may have both.
  const needed = existsSync(join(tree, 'cgroup.type')) && (existsSync(leaf) || members(tree).length > 0);
  let enabled: readonly string[] = [];
  const undo = (): void => {
    if (others(tree).length > 0 || !existsSync(tree)) return;
    try {
      if (enabled.length > 0) write(join(tree, 'cgroup.subtree_control'), enabled.map((each) => `-${each}`).join(' '));
      if (!existsSync(leaf)) return;
      moveAll(leaf, tree);
      rmdirSync(leaf);
    } catch (error) {
      // The kernel refused: the next run finds the leaf and tries again.
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    }
  };
  try {
    if (needed) {
      if (!existsSync(leaf)) mkdirSync(leaf);
      moveAll(tree, leaf);
    }
    enabled = enableControllers(tree);
    // While processes were in it no controller was on: those that are on belong to a run that was killed.
    if (needed) enabled = offered(tree).filter((each) => ['cpu', 'memory', 'cpuset'].includes(each));
  } catch (error) {
    undo();
    throw error;
  }
  return undo;
}

/** Groups of runs of ours, of which some other may still live. */
function others(tree: string): readonly string[] {
  return existsSync(tree) ? readdirSync(tree).filter((name) => name.startsWith(prefix) && name !== leafName) : [];
}

function moveAll(from: string, to: string): void {
  for (let round = 0; round < rounds; round++) {
    const pids = members(from);
    if (pids.length === 0) return;
    for (const pid of pids) {
      try {
        write(join(to, 'cgroup.procs'), pid);
      } catch (error) {
        // It has ended meanwhile.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
  }
}

function members(tree: string): readonly string[] {
  return read(join(tree, 'cgroup.procs')).split('\n').filter(Boolean);
}
