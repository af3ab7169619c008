// The cores that emulated instances are measured on: never idle, nothing else of ours runs there, and a fixed computation shows how fast
// they are now. All instances of a command share them.
import { cpus } from 'node:os';
import type { Finding } from '../../model/finding.ts';
import { loadFinding } from '../messages.ts';
import { type AwakeCores, keepAwake } from './awake-cores.ts';
import { type Cgroups, canPin } from './cgroup-tree.ts';
import { createGroup, type Group } from './group.ts';
import { groupName } from './group-name.ts';
import { type SpeedCheck, type SpeedCheckOptions, startSpeedCheck } from './speed-check.ts';

export type MeasuredCores = {
  /** Their numbers; absent where groups cannot be held to cores, or none is left for the rest. */
  readonly own?: readonly number[];
  /** What keeps them from being idle. */
  readonly awake?: AwakeCores;
  readonly speedCheck: SpeedCheck;
  /** What the measurement lacks. */
  warnings(): readonly Finding[];
  /** Counts what a group uses as ours, until the returned function is called. */
  add(group: Group): () => void;
  /** CPU-seconds that headroom and the instances have used on them; undefined unless they are kept awake, so that all else was taken. */
  usedS(): number | undefined;
  /** Keeps other processes of ours off them. Returns whether there is another core for each. */
  keepOff(pids: readonly number[]): boolean;
  /** Everything, whatever happened before. */
  stop(): Promise<void>;
};

/** `total`: cores' worth of CPU of the largest instance. `awake`: a source that cannot separate that time would report a busy host. */
export async function openMeasuredCores(
  cgroups: Cgroups,
  total: number,
  options: SpeedCheckOptions & { readonly awake: boolean },
): Promise<MeasuredCores> {
  const own = canPin(cgroups) ? coresFor(total, cpus().length) : undefined;
  const checking = createGroup(cgroups, groupName('speed-check'), own ? { cores: own.slice(0, 1) } : {});
  const groups = new Set([checking]);
  let aside: Group | undefined;
  const [kept, started] = await Promise.allSettled([
    own && options.awake ? keepAwake(cgroups, own, options.environment) : undefined,
    startSpeedCheck(options, checking.entries),
  ]);
  const awake = kept.status === 'fulfilled' ? kept.value : undefined;
  const stop = async (): Promise<void> => {
    const ended = await Promise.allSettled([checking.remove(), awake?.stop(), aside?.remove()]);
    const failed = ended.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
  };
  if (started.status === 'rejected') {
    await stop();
    throw started.reason;
  }
  const notAwake = kept.status === 'rejected' ? (kept.reason as Error).message : undefined;
  return {
    ...(own && { own }),
    ...(awake && { awake }),
    speedCheck: started.value,
    warnings: () =>
      [...(notAwake === undefined ? [] : [notAwake]), ...(awake?.problems() ?? [])].map((cause) =>
        loadFinding('cores-not-awake', { cause }),
      ),
    add: (group) => {
      groups.add(group);
      return () => void groups.delete(group);
    },
    usedS: () => {
      if (!awake || awake.problems().length > 0) return undefined;
      const us = [...[...groups].map((group) => group.use()), ...awake.use()];
      return us.reduce((sum, { cpuUs }) => sum + cpuUs, 0) / 1e6;
    },
    keepOff: (pids) => {
      if (!own) return false;
      const others = Array.from({ length: cpus().length }, (_, core) => core).filter((core) => !own.includes(core));
      aside ??= createGroup(cgroups, groupName('aside'), { first: true, cores: others });
      for (const pid of pids) aside.enter(pid);
      return pids.length <= others.length;
    },
    stop,
  };
}

/** As few whole cores as hold the instance, when one at least is left for the rest. */
export function coresFor(total: number, cores: number): readonly number[] | undefined {
  const needed = Math.ceil(total - 1e-9);
  return needed < cores ? Array.from({ length: needed }, (_, core) => core) : undefined;
}
