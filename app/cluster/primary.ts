import type { Worker } from 'node:cluster';
import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { damaged, isCrash, linksFile } from '../links/damaged.ts';
import type { Settings } from '../settings.ts';
import type { AppUsage } from '../telemetry/usage.ts';
import type { FromWorker, Question } from './channel.ts';
import { createCreationLimit } from './creation-limit.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { collectMetrics } from './fleet-metrics.ts';
import { send, WorkerExited } from './worker-process.ts';

/** What the primary process reports. */
interface Listeners {
  readonly onUsage: (usage: AppUsage) => void;
  /** The process ids of the workers, whenever they have changed. */
  readonly onChange: (pids: readonly number[]) => void;
  readonly log: (line: string) => void;
}

const SWEEP_INTERVAL_MS = 3_600_000;

/** Starts the workers, keeps them running, and answers their questions. Each import here delays the first worker. */
export async function startPrimary(settings: Settings, listeners: Listeners): Promise<Fleet> {
  const limit = createCreationLimit(settings.createLimit);
  const reloads = { done: 0, failed: 0 };
  const metrics = collectMetrics(() => fleet.workers());

  const answer = async (question: Question): Promise<unknown> =>
    question.about === 'metrics'
      ? `${await metrics.text()}${reloadMetric(reloads)}`
      : // Not the wall clock, which may be set.
        limit(question.address, performance.now());
  const onMessage = (worker: Worker, message: FromWorker): void => {
    if (message.type === 'app-usage') listeners.onUsage(message);
    if (message.type === 'snapshot') metrics.onSnapshot(message.id, message.snapshot);
    if (message.type === 'forgotten') {
      for (const other of fleet.workers()) if (other !== worker) send(other, { type: 'forget', code: message.code });
    }
    if (message.type !== 'question') return;
    answer(message.question).then(
      (value) => send(worker, { type: 'answer', id: message.id, answer: value }),
      // The worker stops waiting by itself and answers 503.
      (error: Error) => listeners.log(`Cannot answer a ${message.question.about} request: ${error.message}`),
    );
  };

  const fleet = await startFleet({
    size: settings.workers,
    // One secret for all workers and their replacements.
    environment: {
      // Absolute: their working directory may be another one.
      DATA_DIR: settings.dataDir,
      SESSION_SECRET: settings.sessionSecret ?? randomBytes(32).toString('base64url'),
    },
    onMessage,
    onChange: listeners.onChange,
    log: listeners.log,
    hintOf: (signal) =>
      isCrash(signal) && !settings.storeUrl
        ? ` If this repeats, the links in ${linksFile(settings.dataDir)} may be damaged.`
        : '',
  }).catch((error) => {
    throw asDamage(error, settings);
  });
  const sweep = (): void => {
    const [worker] = fleet.workers();
    if (worker) send(worker, { type: 'sweep' });
  };
  sweep();
  setInterval(sweep, SWEEP_INTERVAL_MS).unref();
  return { ...fleet, reload: () => countReload(fleet.reload(), reloads) };
}

async function countReload(reload: Promise<boolean>, reloads: { done: number; failed: number }): Promise<boolean> {
  try {
    const replaced = await reload;
    reloads.done += 1;
    return replaced;
  } catch (error) {
    reloads.failed += 1;
    throw error;
  }
}

/** A worker that crashes while it opens the links shows that they are damaged. */
function asDamage(error: Error, { dataDir, storeUrl }: Settings): Error {
  if (storeUrl || !(error instanceof WorkerExited) || !isCrash(error.signal)) return error;
  return damaged(linksFile(dataDir), `a worker that opened them ended by ${error.signal}`, error);
}

/** By which a deployment sees that its reload failed, without waiting for workers that will not come. */
function reloadMetric({ done, failed }: { readonly done: number; readonly failed: number }): string {
  const name = 'shortener_reloads_total';
  return `
# HELP ${name} Reloads of the workers, by result
# TYPE ${name} counter
${name}{result="done"} ${done}
${name}{result="failed"} ${failed}
`;
}
