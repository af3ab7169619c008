// A group inside that of an emulated instance, for a command that runs there beside the app: its CPU time is counted apart.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Cgroups, type Controller, folder, read, write } from './cgroup-tree.ts';
import { type Group, openGroup } from './group.ts';

export type CommandGroup = {
  readonly entries: readonly string[];
  /** CPU-seconds of all that ran in it. */
  usedS(): number;
  /** Processes that the kernel killed because the instance had no memory left. */
  outOfMemory(): number;
};

export type Commands = {
  /** A group inside the instance's for one command, until it is closed; `niced` by nice(1). */
  openCommand(niced: boolean): CommandGroup & { close(): Promise<void> };
  /** CPU-seconds that commands have used so far; the instance's group counts them too. */
  commandsUsedS(): number;
  /** Processes that the kernel killed in the instance's own group while a command ran. */
  killedBeside(): number;
};

/** Of a process of nice 10, where one of nice 0 has 1024 (kernel/sched/core.c, sched_prio_to_weight). */
const nicedShares = 110;

/**
 * Makes it. The instance's limits hold for both together. The command competes with the app process by process, as on a machine of its own:
 * with v2 because the group below has no controllers; with v1 because it is one for CPU time and memory alone. Where v1 has both of CPU in
 * one tree, `niced` says how much the group weighs.
 */
function openCommandGroup(
  cgroups: Cgroups,
  instance: Group,
  niced: boolean,
): CommandGroup & { close(): Promise<void> } {
  const name = `${instance.name}/command`;
  const counted = cgroups.version === 1 ? (['cpuacct', 'memory'] as const) : (['cpu'] as const);
  const own = counted.map((controller) => folder(cgroups, controller, name));
  for (const path of own) mkdirSync(path);
  const parents = counted.map((controller) => folder(cgroups, controller, instance.name));
  const inTree = instance.entries.filter((entry) => !parents.some((path) => entry.startsWith(`${path}/`)));
  const sharesCpu = cgroups.version === 1 && cgroups.trees.cpu === cgroups.trees.cpuacct;
  if (sharesCpu && niced) write(join(folder(cgroups, 'cpu', name), 'cpu.shares'), String(nicedShares));
  const group = openGroup(cgroups, name);
  return {
    entries: [...inTree, ...own.map((path) => join(path, 'cgroup.procs'))],
    usedS: () => usedS(cgroups, name),
    // With v2 the memory is the instance's.
    outOfMemory: () => (group.memory().oomKills ?? 0) + (instance.memory().oomKills ?? 0),
    close: () => group.remove(),
  };
}

/** By files that are there although the group has no part in the CPU's controller. */
function usedS(cgroups: Cgroups, name: string): number {
  const at = (controller: Controller, file: string) => read(join(folder(cgroups, controller, name), file));
  if (cgroups.version === 1) return Number(at('cpuacct', 'cpuacct.usage')) / 1e9;
  return Number(/^usage_usec (\d+)/m.exec(at('cpu', 'cpu.stat'))?.[1]) / 1e6;
}

/** The commands of an instance, one at a time. */
export function trackCommands(cgroups: Cgroups, instance: Group): Commands {
  let endedS = 0;
  let killed = 0;
  let running: CommandGroup | undefined;
  const killedNow = () => instance.memory().oomKills ?? 0;
  let killedBefore = 0;
  return {
    openCommand: (niced) => {
      const opened = openCommandGroup(cgroups, instance, niced);
      running = opened;
      killedBefore = killedNow();
      return {
        ...opened,
        close: async () => {
          endedS += opened.usedS();
          killed += killedNow() - killedBefore;
          running = undefined;
          await opened.close();
        },
      };
    },
    commandsUsedS: () => endedS + (running?.usedS() ?? 0),
    killedBeside: () => killed + (running ? killedNow() - killedBefore : 0),
  };
}
