import cluster, { type Worker } from 'node:cluster';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../user-error.ts';
import type { FromWorker, ToWorker } from './channel.ts';
import { DRAIN_LIMIT_MS } from './drain-limit.ts';

/** Decides when a worker that has loaded may start: the first one prepares the data, the others wait for it. */
export function createStartOrder() {
  let state: 'unprepared' | 'preparing' | 'prepared' = 'unprepared';
  const waiting: Worker[] = [];
  return {
    onLoaded(worker: Worker): void {
      if (state === 'preparing') {
        waiting.push(worker);
        return;
      }
      send(worker, { type: 'start', prepare: state === 'unprepared' });
      if (state === 'unprepared') state = 'preparing';
    },
    onPrepared(): void {
      state = 'prepared';
      for (const worker of waiting.splice(0)) send(worker, { type: 'start', prepare: false });
    },
  };
}

/** A worker that ended by itself before it listened. */
export class WorkerExited extends Error {
  override name = 'WorkerExited';
  readonly signal: string | null;

  constructor(code: number | null, signal: string | null) {
    super(`A worker exited before it listened (${signal ?? `exit code ${code}`}).`);
    this.signal = signal;
  }
}

/** Forks a worker and resolves once it listens. Rejects with a UserError when a setting is wrong, else with an Error. */
export function forkWorker(
  environment: Record<string, string>,
  order: ReturnType<typeof createStartOrder>,
  onMessage: (worker: Worker, message: FromWorker) => void,
): Promise<{ worker: Worker; url: string }> {
  leaveDeletedFolder();
  const worker = cluster.fork(environment);
  return new Promise((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'loaded') order.onLoaded(worker);
      else if (message.type === 'prepared') order.onPrepared();
      else if (message.type === 'listening') resolve({ worker, url: message.url });
      else if (message.type === 'failed') reject(new UserError(message.message));
      else onMessage(worker, message);
    });
    // A message to a worker that has just died fails; its exit event reports the death.
    worker.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_IPC_CHANNEL_CLOSED') throw error;
    });
    worker.once('exit', (code, signal) => {
      reject(new WorkerExited(code, signal));
    });
  });
}

/** A process cannot start in a folder that was deleted, such as that of an old release. */
function leaveDeletedFolder(): void {
  let folder: string | undefined;
  try {
    folder = process.cwd();
  } catch {
    // ENOENT; once read, Node keeps the path.
  }
  if (folder === undefined || !existsSync(folder)) process.chdir(dirname(cluster.settings.exec ?? '/'));
}

/** Sends a message to a worker; does nothing when it is disconnected. */
export function send(worker: Worker, message: ToWorker): void {
  if (worker.isConnected()) worker.send(message);
}

/** Drains a worker, kills it when it takes too long, and resolves when it has exited. */
export function drain(worker: Worker): Promise<void> {
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

/** Kills a worker and resolves when it has exited. */
export function kill(worker: Worker): Promise<void> {
  if (worker.isDead()) return Promise.resolve();
  return new Promise((resolve) => {
    worker.once('exit', () => resolve());
    worker.process.kill('SIGKILL');
  });
}

/** Every worker that has not exited, whether it listens yet or not. */
export function livingWorkers(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
}
