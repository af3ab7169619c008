// Starts an app inside the group of its instance.
import type { InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import type { OutOfMemory } from '../../model/run-record.ts';
import type { StartedApp } from '../target/started-app.ts';
import type { Group } from './group.ts';

export type Inside = {
  /** With the heap that V8 would take on that machine. */
  readonly environment: NodeJS.ProcessEnv;
  /** One for each vCPU. */
  readonly workers: number;
  /** Files of control groups that it enters. */
  readonly enter: readonly string[];
};

/** The kernel killed the app before it answered, because the memory of the instance was full. */
export class StartedOutOfMemory extends Error {
  readonly found: OutOfMemory;

  constructor(found: OutOfMemory, cause: unknown) {
    super('the memory of the instance was full', { cause });
    this.found = found;
  }
}

type Options = {
  readonly type: InstanceType;
  readonly environment: NodeJS.ProcessEnv;
  readonly start: (inside: Inside) => Promise<StartedApp>;
};

/**
 * Starts the app, and gives the CPU-seconds that it needed until it answered. Leaves nothing behind when it fails: then it throws what `start`
 * threw, or StartedOutOfMemory where that is the reason.
 */
export async function startInside(group: Group, memoryBytes: number, { type, environment, start }: Options) {
  try {
    const app = await start({
      workers: type.vcpus,
      environment: withHeapLimit(environment, type.guestMemoryMiB),
      enter: group.entries,
    });
    return { app, startCpuS: group.use().cpuUs / 1e6 };
  } catch (cause) {
    const killed = group.memory().oomKills ?? 0;
    const reason = killed > 0 ? new StartedOutOfMemory({ killed, limitBytes: memoryBytes }, cause) : cause;
    // The reason that it did not start comes first, then what could not be removed.
    await group.remove().catch((left: unknown) => {
      throw new AggregateError([reason, left], `${reason}; and then: ${left}`);
    });
    throw reason;
  }
}

/** V8's own rule for the machine's memory (a half of it, at most 2 GiB, 4 GiB from 15 GiB on; v8/src/heap/heap.cc), said outright. */
export function heapLimitMiB(guestMemoryMiB: number): number {
  return Math.floor(Math.min(guestMemoryMiB / 2, guestMemoryMiB >= 15 * 1024 ? 4096 : 2048));
}

/** Of two limits Node takes the last, so that a limit of the user's own holds. */
function withHeapLimit(environment: NodeJS.ProcessEnv, guestMemoryMiB: number): NodeJS.ProcessEnv {
  const limit = `--max-old-space-size=${heapLimitMiB(guestMemoryMiB)}`;
  return { ...environment, NODE_OPTIONS: [limit, environment.NODE_OPTIONS].filter(Boolean).join(' ') };
}
