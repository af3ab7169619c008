// An app on a machine of the shape of an EC2 instance: a control group with its CPU, its memory and its CPU credits.

import { cpus } from 'node:os';
import type { InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import type { Finding } from '../../model/finding.ts';
import type { OutOfMemory } from '../../model/run-record.ts';
import type { StartedApp } from '../target/started-app.ts';
import type { Cgroups } from './cgroup-tree.ts';
import { type Commands, trackCommands } from './command-group.ts';
import { createGroup, type Group } from './group.ts';
import { groupName } from './group-name.ts';
import { createBank, type InstanceCpu } from './instance-bank.ts';
import { watchLimits } from './limit-watch.ts';
import type { MeasuredCores } from './measured-cores.ts';
import { type Inside, startInside } from './start-inside.ts';
import type { VcpuShare } from './vcpu-share.ts';

type EmulationOptions = {
  readonly cgroups: Cgroups;
  readonly type: InstanceType;
  readonly share: VcpuShare;
  /** By the user. */
  readonly isShareAsked: boolean;
  /** Where it runs, beside other instances that are at rest meanwhile. */
  readonly measuredCores: MeasuredCores;
  readonly environment: NodeJS.ProcessEnv;
  /** Starts the app inside. */
  readonly start: (inside: Inside) => Promise<StartedApp>;
};

export type EmulatedInstance = Commands &
  InstanceCpu & {
    readonly app: StartedApp;
    readonly group: Group;
    /** Its limits that some other program changed until now; what was measured then is not of this type. */
    lostLimits(): readonly Finding[];
    /** Resolves when that has happened. */
    readonly limitLost: Promise<Finding>;
    /** What the kernel has killed of the app until now because the memory was full; undefined: nothing. */
    outOfMemory(): OutOfMemory | undefined;
    /** CPU-seconds that the app needed until it listened: at the credit baseline, where nothing helps, a start takes as long as these do. */
    readonly startCpuS: number;
    /**
     * From now on each vCPU is a core, as far as this machine has cores, with the credits of the start: a build uses all vCPUs of a type. The
     * load generator, which has no core of its own then, goes before. Returns how many; undefined where groups cannot be held to cores, or the
     * user chose the share of one: there the credits alone are those of the start.
     */
    useWholeVcpus(): number | undefined;
    /** Stops the app and removes the group, whatever happened before. */
    stop(): Promise<void>;
  };

/** Starts the app, with a worker per vCPU, inside a group shaped like the type. */
export async function startEmulatedInstance(options: EmulationOptions): Promise<EmulatedInstance> {
  const { cgroups, type, measuredCores } = options;
  const own = coresOf(options);
  const memoryBytes = type.guestMemoryMiB * 1024 ** 2;
  const group = createGroup(cgroups, groupName(type.instanceType), {
    first: true,
    memoryBytes,
    ...(own && { cores: own }),
  });
  const { app, startCpuS } = await startInside(group, memoryBytes, options);
  const forget = measuredCores.add(group);
  const watch = watchLimits([group]);
  const bank = createBank(group, options, own?.length);
  const commands = trackCommands(cgroups, group);
  let died = false as boolean;
  void app.died.then(() => {
    died = true;
  });
  return {
    app,
    group,
    lostLimits: watch.lost,
    limitLost: watch.first,
    startCpuS,
    ...bank,
    ...commands,
    outOfMemory: () => {
      const killed = (group.memory().oomKills ?? 0) - (died ? 0 : commands.killedBeside());
      return killed > 0 ? { killed, limitBytes: memoryBytes } : undefined;
    },
    useWholeVcpus: () => {
      if (!own || options.isShareAsked) {
        bank.renewCredits(undefined);
        return undefined;
      }
      const cores = Math.min(type.vcpus, cpus().length);
      if (cores > own.length) {
        group.setCores(Array.from({ length: cores }, (_, core) => core));
        group.goSecond();
      }
      bank.renewCredits(cores);
      return cores;
    },
    stop: async () => {
      bank.stopCredits();
      watch.stop();
      forget();
      // At the credit baseline the app would need longer than its grace to end.
      group.setCpu(undefined);
      await allOf([() => app.stop(), () => group.remove()]);
    },
  };
}

/** The first of the measured cores, as many as it needs. */
function coresOf({ type, share, measuredCores }: EmulationOptions): readonly number[] | undefined {
  return measuredCores.own?.slice(0, Math.ceil(type.vcpus * share.withCredits - 1e-9));
}

/** One after the other, whatever becomes of each; what failed first is thrown in the end. */
async function allOf(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const failed: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failed.push(error));
  if (failed.length > 0) throw failed[0];
}
