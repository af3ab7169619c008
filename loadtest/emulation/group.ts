// Control groups with the limits of an instance.
import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Cgroups,
  type Controller,
  enableControllers,
  folder,
  folders,
  read,
  readIfThere,
  write,
} from './cgroup-tree.ts';
import { cpuQuota } from './cpu-quota.ts';
import { isStale } from './group-name.ts';
import { membersOf, removeGroups } from './group-removal.ts';
import { createLimits, type Limits, type LostLimit } from './limits.ts';

type GroupLimits = {
  /** Cores' worth of CPU time; absent: no limit. */
  readonly cpuCores?: number;
  readonly memoryBytes?: number;
  /** Goes before whatever else runs on this machine: it gets its quota also while others want all that there is. */
  readonly first?: boolean;
  /** Numbers of the cores that it may run on, where groups can be held to cores; absent: all. */
  readonly cores?: readonly number[];
};

export type GroupUse = {
  /** CPU time of all its processes since it was made. */
  readonly cpuUs: number;
  /** Time in which it wanted to run and was held back by its quota, added up over cores. */
  readonly throttledUs: number;
};

export type Group = {
  readonly name: string;
  /** A process that writes its pid into each of these files is a member, and so are its children. */
  readonly entries: readonly string[];
  /** Takes a running process in; what it already holds of memory stays counted where it was. */
  enter(pid: number): void;
  /** Changes nothing where the kernel has taken the controller away: `lostLimits` says so. */
  setCpu(cores: number | undefined, periodUs?: number): void;
  /** Limits that are not as they were set: another program changed them, or took the controller away. */
  lostLimits(): readonly LostLimit[];
  /** Moves it to these cores, where groups can be held to cores. */
  setCores(cores: readonly number[]): void;
  /** Goes before whatever else runs on this machine but groups that are first. */
  goSecond(): void;
  /** The lowest scheduling priority, or the usual one again. */
  goLast(last: boolean): void;
  use(): GroupUse;
  /** The most that it ever held, and how often the kernel killed a member for want of memory; absent where the kernel does not say. */
  memory(): { readonly peakBytes?: number; readonly oomKills?: number };
  pids(): readonly number[];
  /** Kills what is left in it and in groups below it, and removes them. One that is gone already is no error. */
  remove(): Promise<void>;
};

/** The most and the least that the kernel takes (kernel/sched/sched.h, MAX_SHARES; cgroup-v2.rst, cpu.weight), and what anybody has. */
const mostShares = 262_144;
const mostWeight = 10_000;
const fewestShares = 2;
const fewestWeight = 1;
const usualShares = 1024;
const usualWeight = 100;
const secondShares = 16_384;
const secondWeight = 1000;

/** Makes a group; an error of the kernel (EACCES, EROFS ...) comes through with nothing left behind. */
export function createGroup(cgroups: Cgroups, name: string, wanted: GroupLimits): Group {
  const limits = createLimits();
  try {
    if (cgroups.version === 2) enableControllers(cgroups.tree);
    for (const path of folders(cgroups, name)) mkdirSync(path);
    applyLimits(cgroups, name, wanted, limits);
    setQuota(cgroups, name, wanted.cpuCores === undefined ? undefined : cpuQuota(wanted.cpuCores), limits);
  } catch (error) {
    for (const path of folders(cgroups, name)) if (existsSync(path)) rmdirSync(path);
    throw error;
  }
  return openGroup(cgroups, name, limits);
}

/** Removes the groups of harnesses that were killed before they could; gives their names. */
export async function removeStaleGroups(cgroups: Cgroups): Promise<readonly string[]> {
  const parents = cgroups.version === 1 ? Object.values(cgroups.trees) : [cgroups.tree];
  const stale = [...new Set(parents.flatMap((path) => readdirSync(path).filter(isStale)))];
  for (const name of stale) await removeGroups(folders(cgroups, name));
  return stale;
}

/** A group that is there already. */
export function openGroup(cgroups: Cgroups, name: string, limits: Limits = createLimits()): Group {
  const at = (controller: Controller, file: string) => join(folder(cgroups, controller, name), file);
  const paths = folders(cgroups, name);
  const entries = paths.map((path) => join(path, 'cgroup.procs'));
  const v1 = cgroups.version === 1;
  let used: GroupUse = { cpuUs: 0, throttledUs: 0 };
  return {
    name,
    entries,
    pids: () => [...new Set(paths.flatMap(membersOf))],
    enter: (pid) => {
      for (const path of entries) write(path, String(pid));
    },
    setCpu: (cores, periodUs) => {
      try {
        setQuota(cgroups, name, cores === undefined ? undefined : cpuQuota(cores, periodUs), limits);
      } catch (error) {
        if (existsSync(at('cpu', v1 ? 'cpu.cfs_quota_us' : 'cpu.max'))) throw error;
      }
    },
    lostLimits: limits.lost,
    setCores: (cores) => limits.set(at('cpuset', 'cpuset.cpus'), cores.join(',')),
    goSecond: () => weigh(v1 ? secondShares : secondWeight, v1, (file) => at('cpu', file)),
    goLast: (last) => goLast(last, v1, (file) => at('cpu', file)),
    use: () => {
      const stat = readIfThere(at('cpu', 'cpu.stat'));
      const usage = v1 ? readIfThere(at('cpuacct', 'cpuacct.usage')) : '';
      if (stat === undefined || usage === undefined) return used;
      const { throttled_time = 0, usage_usec = 0, throttled_usec = 0 } = fields(stat);
      used = v1
        ? { cpuUs: Number(usage) / 1000, throttledUs: throttled_time / 1000 }
        : { cpuUs: usage_usec, throttledUs: throttled_usec };
      return used;
    },
    memory: () => {
      const peak = readIfThere(at('memory', v1 ? 'memory.max_usage_in_bytes' : 'memory.peak'));
      const events = readIfThere(at('memory', v1 ? 'memory.oom_control' : 'memory.events'));
      const { oom_kill: oomKills } = fields(events ?? '');
      return {
        ...(peak !== undefined && { peakBytes: Number(peak) }),
        ...(oomKills !== undefined && { oomKills }),
      };
    },
    remove: () => removeGroups(paths),
  };
}

function applyLimits(
  cgroups: Cgroups,
  name: string,
  { memoryBytes, cores, first }: GroupLimits,
  { set }: Limits,
): void {
  const v1 = cgroups.version === 1;
  const at = (controller: Controller, file: string) => join(folder(cgroups, controller, name), file);
  if (v1) {
    // A v1 cpuset takes no process before it has cores and memory nodes.
    set(at('cpuset', 'cpuset.cpus'), cores?.join(',') ?? read(join(cgroups.trees.cpuset, 'cpuset.cpus')).trim());
    write(at('cpuset', 'cpuset.mems'), read(join(cgroups.trees.cpuset, 'cpuset.mems')).trim());
  } else if (cores) set(at('cpuset', 'cpuset.cpus'), cores.join(','));
  if (first) weigh(v1 ? mostShares : mostWeight, v1, (file) => at('cpu', file));
  if (memoryBytes === undefined) return;
  set(at('memory', v1 ? 'memory.limit_in_bytes' : 'memory.max'), String(Math.floor(memoryBytes)));
  const swap = at('memory', v1 ? 'memory.memsw.limit_in_bytes' : 'memory.swap.max');
  // An EC2 guest has no swap; a kernel without swap accounting has no such file.
  if (existsSync(swap)) set(swap, v1 ? String(Math.floor(memoryBytes)) : '0');
}

function setQuota(
  cgroups: Cgroups,
  name: string,
  quota: ReturnType<typeof cpuQuota> | undefined,
  { set }: Limits,
): void {
  const at = (file: string) => join(folder(cgroups, 'cpu', name), file);
  if (cgroups.version === 2) {
    set(at('cpu.max'), quota ? `${quota.quotaUs} ${quota.periodUs}` : 'max');
    return;
  }
  // Without a quota first: the pair of old quota and new period would hold for a short time.
  set(at('cpu.cfs_quota_us'), '-1');
  if (!quota) return;
  set(at('cpu.cfs_period_us'), String(quota.periodUs));
  set(at('cpu.cfs_quota_us'), String(quota.quotaUs));
}

function weigh(weight: number, v1: boolean, at: (file: string) => string): void {
  write(at(v1 ? 'cpu.shares' : 'cpu.weight'), String(weight));
}

function goLast(last: boolean, v1: boolean, at: (file: string) => string): void {
  const idle = at('cpu.idle');
  // Since Linux 5.15 a group can be idle as a process can (SCHED_IDLE); before, the fewest shares come close.
  if (existsSync(idle)) write(idle, last ? '1' : '0');
  else if (v1) write(at('cpu.shares'), String(last ? fewestShares : usualShares));
  else write(at('cpu.weight'), String(last ? fewestWeight : usualWeight));
}

function fields(text: string): Readonly<Record<string, number>> {
  return Object.fromEntries(
    text
      .split('\n')
      .map((line) => line.split(' '))
      .filter(([name, value]) => name && value)
      .map(([name, value]) => [name, Number(value)]),
  );
}
