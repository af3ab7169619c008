// Cores that are never idle. While a vCPU of a shared machine sleeps, its core goes to other tenants, and what it had in its caches with it:
// an app held back by a quota then needed up to half as much CPU again for the same request as on a core of its own.

import { forkProgram, slowness } from '../generators/child.ts';
import type { Cgroups } from './cgroup-tree.ts';
import { createGroup, type Group } from './group.ts';
import { groupName } from './group-name.ts';

export type AwakeCores = {
  /** Of each core: the process that does nothing else, and the CPU time that it took until now, in which the core had nothing to do. */
  use(): readonly { readonly core: number; readonly pid: number; readonly cpuUs: number }[];
  /** Why cores were no longer kept awake before `stop`; empty when all were. */
  problems(): readonly string[];
  stop(): Promise<void>;
};

/** On a core that is busy the process takes its turn with the others until it runs. */
const usualStartMs = 5000;

/**
 * Starts a process of the lowest priority on each of the cores. Resolves when they run; throws when they do not start in time, and where a
 * group's priority holds in its unit alone.
 */
export async function keepAwake(
  cgroups: Cgroups,
  cores: readonly number[],
  environment: NodeJS.ProcessEnv,
): Promise<AwakeCores> {
  const behindAll = groupsBehindAll(cgroups);
  const started: { readonly core: number; readonly group: Group; pid: number }[] = [];
  const problems: string[] = [];
  let stopping = false;
  const stop = async (): Promise<void> => {
    stopping = true;
    await removeAll(started.map(({ group }) => group));
  };
  try {
    for (const core of cores) {
      const group = createGroup(behindAll, groupName(`awake-${core}`), { cores: [core] });
      started.push({ core, group, pid: 0 });
    }
    const starts = await Promise.allSettled(
      started.map(async (each) => {
        each.pid = await startOn(each.core, each.group, environment, (why) => {
          if (!stopping) problems.push(why);
        });
      }),
    );
    // Not before all have come to an end: what still starts would go last while it is being removed.
    for (const start of starts) if (start.status === 'rejected') throw start.reason;
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    use: () => started.map(({ core, group, pid }) => ({ core, pid, cpuUs: group.use().cpuUs })),
    problems: () => [...problems],
    stop,
  };
}

function groupsBehindAll(cgroups: Cgroups): Cgroups {
  if (cgroups.version === 1) return cgroups;
  if (cgroups.lastTree !== undefined) return { version: 2, tree: cgroups.lastTree };
  throw new Error(`it would take CPU time from other processes outside ${cgroups.tree}. Run as root`);
}

/** All of them, also when one does not end; that is thrown afterwards. */
async function removeAll(groups: readonly Group[]): Promise<void> {
  const ended = await Promise.allSettled(
    groups.map((group) => {
      // A killed process needs the core to end.
      group.goLast(false);
      return group.remove();
    }),
  );
  const failed = ended.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}

async function startOn(
  core: number,
  group: Group,
  environment: NodeJS.ProcessEnv,
  onEnd: (why: string) => void,
): Promise<number> {
  const child = forkProgram('loadtest/emulation/keep-awake', environment);
  let said = '';
  child.stdout?.resume();
  child.stderr?.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  const limitMs = usualStartMs * slowness();
  await new Promise<void>((resolve, reject) => {
    const limit = setTimeout(() => {
      child.kill('SIGKILL');
      const seconds = limitMs / 1000;
      reject(new Error(`core ${core} is too busy: the process that keeps it awake did not start within ${seconds} s`));
    }, limitMs);
    child.once('message', () => {
      clearTimeout(limit);
      resolve();
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(limit);
      const why = `the process that keeps core ${core} awake ended (${signal ?? `exit ${code}`}): ${said.trim()}`;
      onEnd(why);
      reject(new Error(why));
    });
  });
  const pid = child.pid as number;
  // Not earlier: on a busy core, and behind everybody else, a program does not even start.
  group.enter(pid);
  group.goLast(true);
  return pid;
}
