// Removes groups with all that is in them.
import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { slowness } from '../generators/child.ts';
import { readIfThere } from './cgroup-tree.ts';

const usualRemoveMs = 5000;

/** Kills the processes in the groups at `paths` and in groups below them, and removes all of these. Throws when a process does not end. */
export async function removeGroups(paths: readonly string[]): Promise<void> {
  const deadline = performance.now() + usualRemoveMs * slowness();
  for (;;) {
    const all = paths.flatMap(withBelow);
    const left = [...new Set(all.flatMap(membersOf))];
    for (const pid of left) kill(pid);
    if (left.length === 0 && all.every(removed)) return;
    if (performance.now() > deadline) throw new Error(`processes ${left.join(', ')} in ${paths[0]} do not end`);
    await wait(20);
  }
}

/** The processes in one folder of a group; none when it is gone. */
export function membersOf(path: string): readonly number[] {
  const text = readIfThere(join(path, 'cgroup.procs')) ?? '';
  return text.split('\n').filter(Boolean).map(Number);
}

/** A folder after all that are below it. */
function withBelow(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  const below = readdirSync(path, { withFileTypes: true }).filter((each) => each.isDirectory());
  return [...below.flatMap(({ name }) => withBelow(join(path, name))), path];
}

function removed(path: string): boolean {
  try {
    rmdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Its last process is still ending.
    if (code === 'EBUSY') return false;
    if (code !== 'ENOENT') throw error;
  }
  return true;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It has ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
