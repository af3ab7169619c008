// Cores that are never idle. While a vCPU of a shared machine sleeps, its core goes to other tenants, and what it had in its caches with it:
// an app held back by a quota then needed up to half as much CPU again for the same request as on a core of its own.
import { type Cgroups, createGroup, type Group, groupName } from './cgroup.ts';
import { forkProgram } from './child.ts';

export type AwakeCores = {
  /** Of each core: the process that does nothing else, and the CPU time that it took until now, in which the core had nothing to do. */
  use(): readonly { readonly core: number; readonly pid: number; readonly cpuUs: number }[];
  /** What they, and those that were stopped before, have in the kernel's load averages over 1, 5 and 15 minutes. */
  loads(): readonly number[];
  stop(): Promise<void>;
};

type Life = { readonly fromMs: number; toMs?: number };

/** When this process had one running: load averages remember those that ended. */
const lives: Life[] = [];

/**
 * What threads that always run have in a load average over `minutes`: the kernel takes a constant load in as 1 - e^(-t/T), and forgets it
 * so (kernel/sched/loadavg.c).
 */
export function loadOf(threads: readonly Readonly<Life>[], minutes: number, nowMs: number): number {
  const left = (sinceMs: number) => Math.exp(-(nowMs - sinceMs) / (60_000 * minutes));
  return threads.reduce((sum, { fromMs, toMs = nowMs }) => sum + left(toMs) - left(fromMs), 0);
}

/** Starts a process on each of the cores that runs whenever nobody else wants to. Resolves when they run. */
export async function keepAwake(
  cgroups: Cgroups,
  cores: readonly number[],
  environment: NodeJS.ProcessEnv,
): Promise<AwakeCores> {
  const started: { readonly core: number; readonly group: Group; pid: number }[] = [];
  const own: Life[] = [];
  const stop = async (): Promise<void> => {
    for (const { group } of started) await group.remove();
    for (const life of own) life.toMs ??= performance.now();
  };
  try {
    for (const core of cores) {
      const group = createGroup(cgroups, groupName(`awake-${core}`), { last: true, cores: [core] });
      started.push({ core, group, pid: 0 });
    }
    await Promise.all(
      started.map(async (each) => {
        each.pid = await startOn(each.core, each.group, environment);
        own.push({ fromMs: performance.now() });
      }),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  lives.push(...own);
  return {
    use: () => started.map(({ core, group, pid }) => ({ core, pid, cpuUs: group.use().cpuUs })),
    loads: () => [1, 5, 15].map((minutes) => loadOf(lives, minutes, performance.now())),
    stop,
  };
}

async function startOn(core: number, group: Group, environment: NodeJS.ProcessEnv): Promise<number> {
  const child = forkProgram('loadtest/keep-awake', environment, [], group.entries);
  let said = '';
  child.stdout?.resume();
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code, signal) => {
      reject(
        new Error(`the process that keeps core ${core} awake ended (${signal ?? `exit ${code}`}): ${said.trim()}`),
      );
    });
  });
  return child.pid as number;
}
