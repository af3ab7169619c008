// The shortener on a machine of the shape of an EC2 instance: a control group with its CPU, its memory and its CPU credits.

import { cpus } from 'node:os';
import type { CreditStart } from '../../model/credit-lifecycle.ts';
import type { Finding } from '../../model/finding.ts';
import type { BurstableType, CreditMode, InstanceType } from '../../model/instance-catalogue.ts';
import type { HostLine } from '../../model/second.ts';
import { type Shortener, startShortener } from '../target/shortener.ts';
import type { Cgroups } from './cgroup-tree.ts';
import { type Commands, trackCommands } from './command-group.ts';
import { type Governor, type GovernorState, quotaOf, startGovernor } from './governor.ts';
import { createGroup, type Group } from './group.ts';
import { groupName } from './group-name.ts';
import { watchLimits } from './limit-watch.ts';
import type { MeasuredCores } from './measured-cores.ts';
import type { VcpuShare } from './vcpu-share.ts';

export type EmulationOptions = {
  readonly cgroups: Cgroups;
  readonly type: InstanceType;
  readonly share: VcpuShare;
  /** Where it runs, beside other instances that are at rest meanwhile. */
  readonly measuredCores: MeasuredCores;
  readonly dataDir: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly sessionSecret: string;
};

export type CreditOptions = {
  /** Default: the type's own. */
  readonly mode?: CreditMode;
  readonly start: CreditStart;
  readonly creditClock: number;
  readonly onSample: (line: HostLine) => void;
};

export type EmulatedInstance = Commands & {
  readonly shortener: Shortener;
  readonly group: Group;
  /** Its limits that some other program changed until now; what was measured then is not of this type. */
  lostLimits(): readonly Finding[];
  /** Resolves when that has happened. */
  readonly limitLost: Promise<Finding>;
  /** CPU-seconds that the app needed until it listened: at the credit baseline, where nothing helps, a start takes as long as these do. */
  readonly startCpuS: number;
  /**
   * From now on the machine has the CPU of its type, and that costs credits. Before, the app has all of its cores: V8 compiles what is hot,
   * and an app measured before that would look slower than it is. A second call changes nothing.
   */
  startCredits(options: CreditOptions): void;
  /** Takes all credits away, once they were started: from now on it runs at the credit baseline, unless its mode is unlimited. */
  emptyCredits(): void;
  /**
   * From now on each vCPU is a core, as far as this machine has cores, with the credits of the start: a build uses all vCPUs of a type. The
   * load generator, which has no core of its own then, goes before. Returns how many; undefined where groups cannot be held to cores.
   */
  useWholeVcpus(): number | undefined;
  /** Absent before credits were started, and for a type of fixed performance. */
  credits(): GovernorState | undefined;
  /** The last sample comes, and none after it; the quota stays. */
  stopCredits(): void;
  /** Stops the app and removes the group, whatever happened before. */
  stop(): Promise<void>;
};

/** Starts the shortener, with a worker per vCPU, inside a group shaped like the type. */
export async function startEmulatedInstance(options: EmulationOptions): Promise<EmulatedInstance> {
  const { cgroups, type, measuredCores } = options;
  const own = coresOf(options);
  const group = createGroup(cgroups, groupName(type.instanceType), {
    first: true,
    memoryBytes: type.guestMemoryMiB * 1024 ** 2,
    ...(own && { cores: own }),
  });
  const { shortener, startCpuS } = await startInside(group, options);
  const forget = measuredCores.add(group);
  const watch = watchLimits([group]);
  const bank = createBank(group, options, own?.length);
  return {
    shortener,
    group,
    lostLimits: watch.lost,
    limitLost: watch.first,
    startCpuS,
    ...bank,
    ...trackCommands(cgroups, group),
    useWholeVcpus: () => {
      if (!own) return undefined;
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
      await allOf([() => shortener.stop(), () => group.remove()]);
    },
  };
}

/** The first of the measured cores, as many as it needs. */
function coresOf({ type, share, measuredCores }: EmulationOptions): readonly number[] | undefined {
  return measuredCores.own?.slice(0, Math.ceil(type.vcpus * share.withCredits - 1e-9));
}

/** Starts the app in the group; leaves nothing behind when it fails. */
async function startInside(group: Group, { dataDir, type, environment, sessionSecret }: EmulationOptions) {
  try {
    const shortener = await startShortener({
      dataDir,
      workers: type.vcpus,
      environment: withHeapLimit(environment, type.guestMemoryMiB),
      sessionSecret,
      enter: group.entries,
    });
    return { shortener, startCpuS: group.use().cpuUs / 1e6 };
  } catch (reason) {
    // The reason that it did not start comes first, then what could not be removed.
    await group.remove().catch((cause: unknown) => {
      throw new AggregateError([reason, cause], `${reason}; and then: ${cause}`);
    });
    throw reason;
  }
}

/** The CPU credits of the instance; a type of fixed performance has a quota alone. */
function createBank(
  group: Group,
  { type, share }: EmulationOptions,
  ownCores: number | undefined,
): Pick<EmulatedInstance, 'startCredits' | 'emptyCredits' | 'credits' | 'stopCredits'> & {
  /** Those of the start, on so many whole cores. */
  renewCredits(cores: number): void;
} {
  let governor: Governor | undefined;
  return {
    startCredits: ({ mode, start, creditClock, onSample }) => {
      const { credits } = type;
      if (governor) return;
      if (!credits) return group.setCpu(quotaOf(type.vcpus * share.withCredits, ownCores));
      governor = startGovernor({
        type: type as BurstableType,
        group,
        share,
        mode: mode ?? credits.defaultMode,
        start,
        creditClock,
        ownCores,
        onSample,
      });
    },
    emptyCredits: () => governor?.empty(),
    renewCredits: (cores) => {
      if (!type.credits) group.setCpu(quotaOf(type.vcpus, cores));
      governor?.renew({ share: { ...share, withCredits: 1 }, ownCores: cores });
    },
    credits: () => governor?.state(),
    stopCredits: () => governor?.stop(),
  };
}

/** One after the other, whatever becomes of each; what failed first is thrown in the end. */
async function allOf(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const failed: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failed.push(error));
  if (failed.length > 0) throw failed[0];
}

/** V8's own rule for the machine's memory (a half of it, at most 2 GiB, 4 GiB from 15 GiB on; v8/src/heap/heap.cc), said outright. */
export function heapLimitMiB(guestMemoryMiB: number): number {
  return Math.floor(Math.min(guestMemoryMiB / 2, guestMemoryMiB >= 15 * 1024 ? 4096 : 2048));
}

function withHeapLimit(environment: NodeJS.ProcessEnv, guestMemoryMiB: number): NodeJS.ProcessEnv {
  const limit = `--max-old-space-size=${heapLimitMiB(guestMemoryMiB)}`;
  return { ...environment, NODE_OPTIONS: [environment.NODE_OPTIONS, limit].filter(Boolean).join(' ') };
}
