// The limits of a group as they were set, and what the kernel says of them later.
import { basename, dirname, join } from 'node:path';
import { readIfThere, write } from './cgroup-tree.ts';

export type LostLimit = {
  readonly file: string;
  readonly wanted: string;
  /** Absent: the file is gone, with its group or its controller. */
  readonly found?: string;
};

export type Limits = {
  /** Writes a limit; the kernel's errors come through. */
  set(file: string, value: string): void;
  /** Those that are not as they were set. */
  lost(): readonly LostLimit[];
};

/** The kernel counts memory in pages, the largest of which have this size. */
const pageBytes = 65_536;

export function createLimits(): Limits {
  const wanted = new Map<string, string>();
  return {
    set: (file, value) => {
      wanted.set(file, value);
      write(file, value);
    },
    lost: () => [...wanted].flatMap(([file, value]) => compare(file, value)),
  };
}

function compare(file: string, wanted: string): readonly LostLimit[] {
  const found = readIfThere(file)?.trim();
  if (found === undefined) return [{ file, wanted }];
  if (!holds(basename(file), wanted, found)) return [{ file, wanted, found }];
  if (basename(file) !== 'cpuset.cpus') return [];
  // What it may use in truth: a group above can have been narrowed.
  const effective = ['cpuset.cpus.effective', 'cpuset.effective_cpus'].map((name) => join(dirname(file), name));
  return effective.flatMap((path) => {
    const used = readIfThere(path)?.trim();
    return used === undefined || sameCores(wanted, used) ? [] : [{ file: path, wanted, found: used }];
  });
}

function holds(name: string, wanted: string, found: string): boolean {
  if (name.startsWith('cpuset.')) return sameCores(wanted, found);
  // The kernel adds the period.
  if (name === 'cpu.max' && wanted === 'max') return found.split(' ')[0] === 'max';
  if (!name.startsWith('memory.')) return wanted === found;
  const missing = Number(wanted) - Number(found);
  return missing >= 0 && missing < pageBytes;
}

/** "0,1,2" is "0-2" to the kernel. */
function sameCores(one: string, other: string): boolean {
  return coresOf(one).join() === coresOf(other).join();
}

function coresOf(list: string): readonly number[] {
  return list.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}
