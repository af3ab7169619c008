import cluster, { type Worker } from 'node:cluster';
import { UserError } from '../user-error.ts';
import type { FromWorker, ToWorker } from './channel.ts';
import { DRAIN_LIMIT_MS } from './drain-limit.ts';

export interface FleetPlan {
  readonly size: number;
  /** Set for the workers beside what this process has. */
  readonly environment: Record<string, string>;
  readonly onMessage: (worker: Worker, message: FromWorker) => void;
  /** Told whenever another set of workers answers. */
  readonly onChange: (pids: readonly number[]) => void;
  readonly log: (line: string) => void;
}

/** The workers, and what is done with all of them. */
export interface Fleet {
  readonly url: string;
  workers(): readonly Worker[];
  pids(): number[];
  /** Replaces the workers one by one; each old one leaves when its successor answers. False when the fleet was stopped meanwhile. */
  reload(): Promise<boolean>;
  /** Drains all workers, ends those that do not answer yet, and resolves when none is left. */
  stop(): Promise<void>;
}

const SHORTEST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;

/** Forks the workers and resolves when all of them answer. */
export async function startFleet(plan: FleetPlan): Promise<Fleet> {
  const members = new Set<Worker>();
  const beingReplaced = new Set<Worker>();
  const leaving = new Map<Worker, Promise<void>>();
  const environment = { ...plan.environment };
  let pauseMs = SHORTEST_PAUSE_MS;
  let stopping = false;
  let reloading: Promise<boolean> | undefined;

  const address: { url?: string } = {};
  const start = startInTurn();
  const add = async (): Promise<void> => {
    // Workers share a socket when they ask for the same port, also for port 0. Once none is left to share with, the port
    // that was given must be asked for by its number.
    if (address.url && members.size === 0) environment.PORT = new URL(address.url).port;
    const added = await fork(environment, plan, start);
    address.url ??= added.url;
    if (added.url !== address.url) {
      added.worker.process.kill('SIGKILL');
      throw new Error(`it listened on ${added.url} instead of ${address.url}`);
    }
    members.add(added.worker);
  };
  const change = (): void => plan.onChange(pidsOf(members));

  const replace = (): void => {
    setTimeout(async () => {
      if (stopping) return;
      try {
        await add();
        change();
      } catch (error) {
        if (stopping) return;
        plan.log(`A worker could not be replaced: ${(error as Error).message}`);
        replace();
      }
    }, pauseMs);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  };
  cluster.on('exit', (worker, code, signal) => {
    if (!members.delete(worker) || stopping || beingReplaced.has(worker)) return;
    plan.log(
      `Worker ${worker.process.pid} ended unexpectedly (${signal ?? `exit code ${code}`}); it is being replaced.`,
    );
    replace();
  });
  // Who has lived this long does not crash in a loop.
  setInterval(() => {
    if (members.size === plan.size) pauseMs = SHORTEST_PAUSE_MS;
  }, LONGEST_PAUSE_MS).unref();

  const rollOver = async (): Promise<boolean> => {
    for (const old of [...members]) {
      if (stopping) return false;
      // It died meanwhile, and has a successor or gets one.
      if (!members.has(old)) continue;
      beingReplaced.add(old);
      try {
        await add();
      } catch (error) {
        if (stopping) return false;
        if (old.isDead()) replace();
        throw error;
      } finally {
        beingReplaced.delete(old);
      }
      members.delete(old);
      change();
      const left = drain(old);
      leaving.set(old, left);
      await left;
      leaving.delete(old);
    }
    return true;
  };

  try {
    await Promise.all(Array.from({ length: plan.size }, add));
  } catch (error) {
    stopping = true;
    // Or those that still load would complain about the channel when this process ends.
    await Promise.all(living().map(kill));
    throw error;
  }
  return {
    url: address.url ?? '',
    workers: () => [...members],
    pids: () => pidsOf(members),
    reload() {
      reloading ??= rollOver().finally(() => {
        reloading = undefined;
      });
      return reloading;
    },
    async stop() {
      stopping = true;
      // One that does not answer yet serves nobody, and would complain about the channel when this process ends.
      await Promise.all(
        living().map((worker) => leaving.get(worker) ?? (members.has(worker) ? drain(worker) : kill(worker))),
      );
    },
  };
}

/** Says something to a worker, unless it has gone meanwhile. */
export function send(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message);
}

/** Starts workers that have loaded: the first one prepares the data, the others wait for it. */
function startInTurn(): { onLoaded(worker: Worker): void; onPrepared(): void } {
  let state: 'untouched' | 'preparing' | 'prepared' = 'untouched';
  const waiting: Worker[] = [];
  return {
    onLoaded(worker) {
      if (state === 'preparing') {
        waiting.push(worker);
        return;
      }
      send(worker, { type: 'start', prepare: state === 'untouched' });
      if (state === 'untouched') state = 'preparing';
    },
    onPrepared() {
      state = 'prepared';
      for (const worker of waiting.splice(0)) send(worker, { type: 'start', prepare: false });
    },
  };
}

function fork(
  environment: Record<string, string>,
  { onMessage }: FleetPlan,
  start: ReturnType<typeof startInTurn>,
): Promise<{ worker: Worker; url: string }> {
  const worker = cluster.fork(environment);
  return new Promise((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'loaded') start.onLoaded(worker);
      else if (message.type === 'prepared') start.onPrepared();
      else if (message.type === 'listening') resolve({ worker, url: message.url });
      else if (message.type === 'failed') reject(new UserError(message.message));
      else onMessage(worker, message);
    });
    // A message to one that has just died; that it did is told by its exit.
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_IPC_CHANNEL_CLOSED') throw error;
    });
    worker.once('exit', (code, signal) => {
      reject(new Error(`a worker ended before it answered (${signal ?? `exit code ${code}`})`));
    });
  });
}

function drain(worker: Worker): Promise<void> {
  if (worker.isDead()) return Promise.resolve();
  return new Promise((resolve) => {
    const killer = setTimeout(() => worker.process.kill('SIGKILL'), DRAIN_LIMIT_MS + 500);
    worker.once('exit', () => {
      clearTimeout(killer);
      resolve();
    });
    send(worker, { type: 'drain' });
  });
}

function kill(worker: Worker): Promise<void> {
  if (worker.isDead()) return Promise.resolve();
  return new Promise((resolve) => {
    worker.once('exit', () => resolve());
    worker.process.kill('SIGKILL');
  });
}

function living(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
}

function pidsOf(members: ReadonlySet<Worker>): number[] {
  return [...members].flatMap((worker) => worker.process.pid ?? []);
}
