import type { Worker } from 'node:cluster';
import { randomBytes } from 'node:crypto';
import type { Settings } from '../settings.ts';
import type { AppUsage } from '../telemetry/usage.ts';
import type { FromWorker, Question } from './channel.ts';
import { createCreationLimit } from './creation-limit.ts';
import { type Fleet, send, startFleet } from './fleet.ts';
import { collectMetrics } from './fleet-metrics.ts';

/** Whom the primary process tells what. */
export interface Listeners {
  readonly onUsage: (usage: AppUsage) => void;
  readonly onChange: (pids: readonly number[]) => void;
  readonly log: (line: string) => void;
}

const SWEEP_INTERVAL_MS = 3_600_000;

/** Runs the app: keeps the workers going, and answers what only it can know. Each import here delays the first worker. */
export async function startPrimary(settings: Settings, listeners: Listeners): Promise<Fleet> {
  const limit = createCreationLimit(settings.createLimit);
  const metrics = collectMetrics(() => fleet.workers());

  const answer = async (question: Question): Promise<unknown> =>
    question.about === 'metrics' ? metrics.text() : limit(question.address, Date.now());
  const onMessage = (worker: Worker, message: FromWorker): void => {
    if (message.type === 'app-usage') listeners.onUsage(message);
    if (message.type === 'snapshot') metrics.onSnapshot(message.id, message.snapshot);
    if (message.type === 'forgotten') {
      for (const other of fleet.workers()) if (other !== worker) send(other, { type: 'forget', code: message.code });
    }
    if (message.type !== 'question') return;
    answer(message.question).then(
      (value) => send(worker, { type: 'answer', id: message.id, answer: value }),
      // The worker that waits gives up by itself and answers 503.
      (error: Error) => listeners.log(`Cannot answer about ${message.question.about}: ${error.message}`),
    );
  };

  const fleet = await startFleet({
    size: settings.workers,
    // One secret for all workers, and for those that replace them.
    environment: { SESSION_SECRET: settings.sessionSecret ?? randomBytes(32).toString('base64url') },
    onMessage,
    onChange: listeners.onChange,
    log: listeners.log,
  });
  const sweep = (): void => {
    const [worker] = fleet.workers();
    if (worker) send(worker, { type: 'sweep' });
  };
  sweep();
  setInterval(sweep, SWEEP_INTERVAL_MS).unref();
  return fleet;
}
