// The shortener on a machine of the shape of an EC2 instance: a control group with its CPU, its memory and its CPU credits.

import { cpus } from 'node:os';
import type { CreditStart } from '../../model/credit-lifecycle.ts';
import type { Finding } from '../../model/finding.ts';
import type { BurstableType, CreditMode, InstanceType } from '../../model/instance-catalogue.ts';
import type { HostLine } from '../../model/second.ts';
import { UserError } from '../../model/user-error.ts';
import { loadFinding } from '../messages.ts';
import { type Shortener, startShortener } from '../target/shortener.ts';
import { type AwakeCores, keepAwake } from './awake-cores.ts';
import { type Cgroups, canPin } from './cgroup-tree.ts';
import { type Governor, type GovernorState, startGovernor } from './governor.ts';
import { createGroup, type Group } from './group.ts';
import { groupName } from './group-name.ts';
import { watchLimits } from './limit-watch.ts';

export type EmulationOptions = {
  readonly cgroups: Cgroups;
  readonly type: InstanceType;
  readonly vcpuShare: number;
  readonly dataDir: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly sessionSecret: string;
  /** Its cores are never idle, where it has cores of its own. A source that cannot separate that time would report a busy host. */
  readonly keepAwake: boolean;
};

export type CreditOptions = {
  /** Default: the type's own. */
  readonly mode?: CreditMode;
  readonly start: CreditStart;
  readonly creditClock: number;
  readonly onSample: (line: HostLine) => void;
};

export type EmulatedInstance = {
  readonly shortener: Shortener;
  readonly group: Group;
  /** What keeps its cores from being idle. */
  readonly awake?: AwakeCores;
  /** What the measurement lacks, in a sentence each. */
  warnings(): readonly Finding[];
  /** Its limits that some other program changed until now; what was measured then is not of this type. */
  lostLimits(): readonly Finding[];
  /** Resolves when that has happened. */
  readonly limitLost: Promise<Finding>;
  /** Keeps other processes of ours on the cores that the machine does not use, where there are such. */
  keepOff(pids: readonly number[]): void;
  /** CPU-seconds that the app needed until it listened: at the credit baseline, where nothing helps, a start takes as long as these do. */
  readonly startCpuS: number;
  /**
   * From now on the machine has the CPU of its type, and that costs credits. Before, the app has all of its cores: V8 compiles what is hot,
   * and an app measured before that would look slower than it is. A second call changes nothing.
   */
  startCredits(options: CreditOptions): void;
  /** Takes all credits away, once they were started: from now on it runs at the credit baseline, unless its mode is unlimited. */
  emptyCredits(): void;
  /** Absent before credits were started, and for a type of fixed performance. */
  credits(): GovernorState | undefined;
  /** The last sample comes, and none after it; the quota stays. */
  stopCredits(): void;
  /** Stops the app and removes the group, whatever happened before. */
  stop(): Promise<void>;
};

/** The share of a core that leaves the generators a whole core, whatever the largest of the types is. */
export function defaultVcpuShare(types: readonly InstanceType[], cores: number = cpus().length): number {
  const most = Math.max(...types.map((type) => type.vcpus));
  return Math.min(1, (cores > 1 ? cores - 1 : 0.5) / most);
}

/** Starts the shortener, with a worker per vCPU, inside a group shaped like the type. Throws a UserError for a shape that does not fit. */
export async function startEmulatedInstance(options: EmulationOptions): Promise<EmulatedInstance> {
  const { cgroups, type, vcpuShare } = options;
  const total = checkShape(type, vcpuShare, cpus().length);
  const own = canPin(cgroups) ? coresFor(total, cpus().length) : undefined;
  const group = createGroup(cgroups, groupName(type.instanceType), {
    first: true,
    memoryBytes: type.guestMemoryMiB * 1024 ** 2,
    ...(own && { cores: own }),
  });
  const { awake, notAwake, shortener, startCpuS } = await startInside(group, own, options);
  const aside = createAside(cgroups, own);
  const watch = watchLimits([group]);
  const bank = createBank(group, type, vcpuShare, own?.length ?? cpus().length);
  return {
    shortener,
    group,
    ...(awake && { awake }),
    warnings: () =>
      [...(notAwake === undefined ? [] : [notAwake]), ...(awake?.problems() ?? [])].map((cause) =>
        loadFinding('cores-not-awake', { cause }),
      ),
    lostLimits: watch.lost,
    limitLost: watch.first,
    startCpuS,
    keepOff: aside.keep,
    ...bank,
    stop: async () => {
      bank.stopCredits();
      watch.stop();
      // At the credit baseline the app would need longer than its grace to end.
      group.setCpu(undefined);
      await allOf([() => shortener.stop(), () => group.remove(), aside.remove, async () => awake?.stop()]);
    },
  };
}

/** The cores' worth of CPU that the type has here. */
function checkShape(type: InstanceType, vcpuShare: number, cores: number): number {
  const total = type.vcpus * vcpuShare;
  if (!(vcpuShare > 0 && vcpuShare <= 1)) throw new UserError('--vcpu-share must be more than 0 and at most 1');
  if (total <= cores) return total;
  throw new UserError(
    `a ${type.instanceType} of ${type.vcpus} vCPUs, each ${vcpuShare} of a core, needs more than the ${cores} cores of this machine. Lower --vcpu-share`,
  );
}

/** Starts the app in the group, and what keeps its cores awake; both take a while, so at once. Leaves nothing behind when the app fails. */
async function startInside(group: Group, own: readonly number[] | undefined, options: EmulationOptions) {
  const [kept, started] = await Promise.allSettled([
    own && options.keepAwake ? keepAwake(options.cgroups, own, options.environment) : undefined,
    startShortener({
      dataDir: options.dataDir,
      workers: options.type.vcpus,
      environment: withHeapLimit(options.environment, options.type.guestMemoryMiB),
      sessionSecret: options.sessionSecret,
      enter: group.entries,
    }).then((shortener) => ({ shortener, startCpuS: group.use().cpuUs / 1e6 })),
  ]);
  const awake = kept.status === 'fulfilled' ? kept.value : undefined;
  if (started.status === 'rejected') {
    // The reason that it did not start comes first, then what could not be removed.
    await allOf([() => group.remove(), async () => awake?.stop()]).catch((cause: unknown) => {
      throw new AggregateError([started.reason, cause], `${started.reason}; and then: ${cause}`);
    });
    throw started.reason;
  }
  return {
    ...started.value,
    awake,
    notAwake: kept.status === 'rejected' ? (kept.reason as Error).message : undefined,
  };
}

/** Keeps processes of ours on the cores that the instance does not use. */
function createAside(cgroups: Cgroups, own: readonly number[] | undefined) {
  let group: Group | undefined;
  return {
    keep: (pids: readonly number[]): void => {
      const others = Array.from({ length: cpus().length }, (_, core) => core).filter((core) => !own?.includes(core));
      if (!own || group) return;
      group = createGroup(cgroups, groupName('aside'), { first: true, cores: others });
      for (const pid of pids) group.enter(pid);
    },
    remove: async (): Promise<void> => group?.remove(),
  };
}

/** The CPU credits of the instance; a type of fixed performance has a quota alone. */
function createBank(
  group: Group,
  type: InstanceType,
  vcpuShare: number,
  cores: number,
): Pick<EmulatedInstance, 'startCredits' | 'emptyCredits' | 'credits' | 'stopCredits'> {
  let governor: Governor | undefined;
  return {
    startCredits: ({ mode, start, creditClock, onSample }) => {
      const { credits } = type;
      if (governor) return;
      if (!credits) return group.setCpu(type.vcpus * vcpuShare);
      governor = startGovernor({
        type: type as BurstableType,
        group,
        vcpuShare,
        mode: mode ?? credits.defaultMode,
        start,
        creditClock,
        cores: Math.min(cores, type.vcpus),
        onSample,
      });
    },
    emptyCredits: () => governor?.empty(),
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

/** As few whole cores as hold the instance, when one at least is left for the rest. */
export function coresFor(total: number, cores: number): readonly number[] | undefined {
  const needed = Math.ceil(total - 1e-9);
  return needed < cores ? Array.from({ length: needed }, (_, core) => core) : undefined;
}

/** V8's own rule for the machine's memory (a half of it, at most 2 GiB, 4 GiB from 15 GiB on; v8/src/heap/heap.cc), said outright. */
export function heapLimitMiB(guestMemoryMiB: number): number {
  return Math.floor(Math.min(guestMemoryMiB / 2, guestMemoryMiB >= 15 * 1024 ? 4096 : 2048));
}

function withHeapLimit(environment: NodeJS.ProcessEnv, guestMemoryMiB: number): NodeJS.ProcessEnv {
  const limit = `--max-old-space-size=${heapLimitMiB(guestMemoryMiB)}`;
  return { ...environment, NODE_OPTIONS: [environment.NODE_OPTIONS, limit].filter(Boolean).join(' ') };
}
