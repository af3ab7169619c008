import cluster, { type Worker } from 'node:cluster';
import type { FromWorker } from './channel.ts';
import { createStartOrder, drain, forkWorker, kill, livingWorkers } from './worker-process.ts';

interface FleetOptions {
  readonly size: number;
  /** Added to the environment of this process for the workers. */
  readonly environment: Record<string, string>;
  readonly onMessage: (worker: Worker, message: FromWorker) => void;
  /** Called whenever the set of listening workers has changed. */
  readonly onChange: (pids: readonly number[]) => void;
  readonly log: (line: string) => void;
  /** What to add to the log about a worker that ended by this signal, if anything. */
  readonly hintOf: (signal: string | null) => string;
}

/** The workers of the app. */
export interface Fleet {
  readonly url: string;
  workers(): readonly Worker[];
  pids(): number[];
  /** Replaces the workers one by one; each old one drains once its successor listens. False when the fleet was stopped meanwhile. */
  reload(): Promise<boolean>;
  /** Drains all workers, kills those that do not listen yet, and resolves when all have exited. */
  stop(): Promise<void>;
}

interface State {
  readonly options: FleetOptions;
  /** The workers that listen. */
  readonly members: Set<Worker>;
  readonly beingReplaced: Set<Worker>;
  readonly draining: Map<Worker, Promise<void>>;
  /** Starts one more worker and makes it a member. */
  readonly add: () => Promise<string>;
  stopping: boolean;
}

const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/** Forks the workers and resolves when all of them listen. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const members = new Set<Worker>();
  const state: State = {
    options,
    members,
    beingReplaced: new Set(),
    draining: new Map(),
    add: addTo(members, options),
    stopping: false,
  };
  const replace = replaceCrashed(state);
  let url: string | undefined;
  try {
    [url] = await Promise.all(Array.from({ length: options.size }, state.add));
  } catch (error) {
    state.stopping = true;
    // A worker that still loads would print an error about its channel when this process exits.
    await Promise.all(livingWorkers().map(kill));
    throw error;
  }
  let reloading: Promise<boolean> | undefined;
  return {
    url: url ?? '',
    workers: () => [...members],
    pids: () => pidsOf(members),
    reload() {
      reloading ??= replaceAll(state, replace).finally(() => {
        reloading = undefined;
      });
      return reloading;
    },
    async stop() {
      state.stopping = true;
      const end = (worker: Worker): Promise<void> =>
        state.draining.get(worker) ?? (members.has(worker) ? drain(worker) : kill(worker));
      await Promise.all(livingWorkers().map(end));
    },
  };
}

/** Returns how to start a worker on the address that all of them share; it resolves with that address. */
function addTo(members: Set<Worker>, options: FleetOptions): () => Promise<string> {
  const environment = { ...options.environment };
  const order = createStartOrder();
  let url: string | undefined;
  return async () => {
    // Workers share a socket when they ask for the same port, port 0 included. When no member is left to share it with,
    // the port that the system chose must be requested by its number.
    if (url && members.size === 0) environment.PORT = new URL(url).port;
    const added = await forkWorker(environment, order, options.onMessage);
    url ??= added.url;
    if (added.url !== url) {
      added.worker.process.kill('SIGKILL');
      throw new Error(`The worker listened on ${added.url} instead of ${url}.`);
    }
    members.add(added.worker);
    return url;
  };
}

/** Replaces members that exit by themselves, with growing pauses while they crash. Returns how to start a replacement. */
function replaceCrashed(state: State): () => void {
  const { members, options } = state;
  let pauseMs = SHORTEST_PAUSE_MS;
  const replace = (): void => {
    setTimeout(async () => {
      if (state.stopping) return;
      try {
        await state.add();
        options.onChange(pidsOf(members));
      } catch (error) {
        if (state.stopping) return;
        options.log(`Cannot replace a worker (${(error as Error).message}). Trying again.`);
        replace();
      }
    }, pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  };
  cluster.on('exit', (worker, code, signal) => {
    if (!members.delete(worker) || state.stopping || state.beingReplaced.has(worker)) return;
    const how = signal ?? `exit code ${code}`;
    options.log(
      `Worker ${worker.process.pid} exited unexpectedly (${how}). Starting a replacement.${options.hintOf(signal)}`,
    );
    replace();
  });
  // A full fleet after this time is not in a crash loop.
  setInterval(() => {
    if (members.size === options.size) pauseMs = SHORTEST_PAUSE_MS;
  }, LONGEST_PAUSE_MS).unref();
  return replace;
}

/** Replaces every member, one after the other; false when the fleet was stopped meanwhile. */
async function replaceAll(state: State, replace: () => void): Promise<boolean> {
  const { members, beingReplaced, draining } = state;
  for (const old of [...members]) {
    if (state.stopping) return false;
    // It has crashed meanwhile; its replacement is new already.
    if (!members.has(old)) continue;
    beingReplaced.add(old);
    try {
      await state.add();
    } catch (error) {
      if (state.stopping) return false;
      if (old.isDead()) replace();
      throw error;
    } finally {
      beingReplaced.delete(old);
    }
    members.delete(old);
    state.options.onChange(pidsOf(members));
    const drained = drain(old);
    draining.set(old, drained);
    await drained;
    draining.delete(old);
  }
  return true;
}

function pidsOf(members: ReadonlySet<Worker>): number[] {
  return [...members].flatMap((worker) => worker.process.pid ?? []);
}
