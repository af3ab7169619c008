// Control groups with the limits of an instance.
import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Cgroups, type Controller, enableControllers, folder, folders, read, write } from './cgroup-tree.ts';
import { cpuQuota } from './cpu-quota.ts';

export type GroupLimits = {
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
  setCpu(cores: number | undefined): void;
  /** The lowest scheduling priority, or the usual one again. */
  goLast(last: boolean): void;
  use(): GroupUse;
  /** The most that it ever held, and how often the kernel killed a member for want of memory; absent where the kernel does not say. */
  memory(): { readonly peakBytes?: number; readonly oomKills?: number };
  pids(): readonly number[];
  /** Kills what is left in it and removes it. */
  remove(): Promise<void>;
};

const prefix = 'headroom-';
const removeLimitMs = 5000;
/** The most and the least that the kernel takes (kernel/sched/sched.h, MAX_SHARES; cgroup-v2.rst, cpu.weight), and what anybody has. */
const mostShares = 262_144;
const mostWeight = 10_000;
const fewestShares = 2;
const fewestWeight = 1;
const usualShares = 1024;
const usualWeight = 100;

/** Makes a group; an error of the kernel (EACCES, EROFS ...) comes through with nothing left behind. */
export function createGroup(cgroups: Cgroups, name: string, limits: GroupLimits): Group {
  const group = openGroup(cgroups, name);
  try {
    if (cgroups.version === 2) enableControllers(cgroups.tree);
    for (const path of folders(cgroups, name)) mkdirSync(path);
    applyLimits(cgroups, name, limits);
    group.setCpu(limits.cpuCores);
  } catch (error) {
    for (const path of folders(cgroups, name)) if (existsSync(path)) rmdirSync(path);
    throw error;
  }
  return group;
}

/** The name of a group of this process, unlike that of any other process at any time. */
export function groupName(purpose: string): string {
  return `${prefix}${process.pid}-${startOf(process.pid) ?? 0}-${purpose}`;
}

/** Removes the groups of harnesses that were killed before they could; gives their names. */
export async function removeStaleGroups(cgroups: Cgroups): Promise<readonly string[]> {
  const parents = cgroups.version === 1 ? Object.values(cgroups.trees) : [cgroups.tree];
  const names = new Set(parents.flatMap((path) => readdirSync(path).filter((name) => name.startsWith(prefix))));
  const stale = [...names].filter((name) => {
    const [, pid, started] = /^headroom-(\d+)-(\d+)-/.exec(name) ?? [];
    return pid !== undefined && startOf(Number(pid)) !== Number(started);
  });
  for (const name of stale) await openGroup(cgroups, name).remove();
  return stale;
}

function openGroup(cgroups: Cgroups, name: string): Group {
  const at = (controller: Controller, file: string) => join(folder(cgroups, controller, name), file);
  const entries = folders(cgroups, name).map((path) => join(path, 'cgroup.procs'));
  const pids = () => [...new Set(entries.filter((path) => existsSync(path)).flatMap((path) => numbers(read(path))))];
  const v1 = cgroups.version === 1;
  return {
    name,
    entries,
    pids,
    enter: (pid) => {
      for (const path of entries) write(path, String(pid));
    },
    setCpu: (cores) => {
      const quota = cores === undefined ? undefined : cpuQuota(cores);
      if (!v1) return write(at('cpu', 'cpu.max'), quota ? `${quota.quotaUs} ${quota.periodUs}` : 'max');
      // Without a quota first: the pair of old quota and new period would hold for a short time.
      write(at('cpu', 'cpu.cfs_quota_us'), '-1');
      if (!quota) return;
      write(at('cpu', 'cpu.cfs_period_us'), String(quota.periodUs));
      write(at('cpu', 'cpu.cfs_quota_us'), String(quota.quotaUs));
    },
    goLast: (last) => {
      const idle = at('cpu', 'cpu.idle');
      // Since Linux 5.15 a group can be idle as a process can (SCHED_IDLE); before, the fewest shares come close.
      if (existsSync(idle)) return write(idle, last ? '1' : '0');
      if (v1) return write(at('cpu', 'cpu.shares'), String(last ? fewestShares : usualShares));
      write(at('cpu', 'cpu.weight'), String(last ? fewestWeight : usualWeight));
    },
    use: () => {
      const stat = fields(read(at('cpu', 'cpu.stat')));
      return v1
        ? { cpuUs: Number(read(at('cpuacct', 'cpuacct.usage'))) / 1000, throttledUs: (stat.throttled_time ?? 0) / 1000 }
        : { cpuUs: stat.usage_usec ?? 0, throttledUs: stat.throttled_usec ?? 0 };
    },
    memory: () => {
      const peak = at('memory', v1 ? 'memory.max_usage_in_bytes' : 'memory.peak');
      const { oom_kill: oomKills } = fields(read(at('memory', v1 ? 'memory.oom_control' : 'memory.events')));
      return {
        ...(existsSync(peak) && { peakBytes: Number(read(peak)) }),
        ...(oomKills !== undefined && { oomKills }),
      };
    },
    remove: async () => {
      const deadline = Date.now() + removeLimitMs;
      for (let left = pids(); left.length > 0; left = pids()) {
        if (Date.now() > deadline) throw new Error(`processes ${left.join(', ')} in group ${name} do not end`);
        for (const pid of left) kill(pid);
        await wait(20);
      }
      for (const path of folders(cgroups, name)) if (existsSync(path)) rmdirSync(path);
    },
  };
}

function applyLimits(cgroups: Cgroups, name: string, { memoryBytes, cores, first }: GroupLimits): void {
  const v1 = cgroups.version === 1;
  const at = (controller: Controller, file: string) => join(folder(cgroups, controller, name), file);
  if (v1) {
    // A v1 cpuset takes no process before it has cores and memory nodes.
    write(at('cpuset', 'cpuset.cpus'), cores?.join(',') ?? read(join(cgroups.trees.cpuset, 'cpuset.cpus')).trim());
    write(at('cpuset', 'cpuset.mems'), read(join(cgroups.trees.cpuset, 'cpuset.mems')).trim());
  } else if (cores) write(at('cpuset', 'cpuset.cpus'), cores.join(','));
  if (first) write(at('cpu', v1 ? 'cpu.shares' : 'cpu.weight'), String(v1 ? mostShares : mostWeight));
  if (memoryBytes === undefined) return;
  write(at('memory', v1 ? 'memory.limit_in_bytes' : 'memory.max'), String(Math.floor(memoryBytes)));
  const swap = at('memory', v1 ? 'memory.memsw.limit_in_bytes' : 'memory.swap.max');
  // An EC2 guest has no swap; a kernel without swap accounting has no such file.
  if (existsSync(swap)) write(swap, v1 ? String(Math.floor(memoryBytes)) : '0');
}

/** Clock ticks from boot to the start of a process (proc(5), field 22): pids are used again, these pairs are not. */
function startOf(pid: number): number | undefined {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return undefined;
  const text = read(path);
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[19]);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It has ended by itself meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
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

function numbers(text: string): readonly number[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);
}
