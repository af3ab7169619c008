import { StoreUnavailable } from '../links/store.ts';
import type { Settings } from '../settings.ts';
import type { MetricSnapshot } from '../telemetry/metrics.ts';
import { reportUsage } from '../telemetry/usage.ts';
import { UserError } from '../user-error.ts';
import { createAsking } from './ask.ts';
import type { FromWorker, ToWorker } from './channel.ts';
import { DRAIN_LIMIT_MS } from './drain-limit.ts';
import { serve } from './serve.ts';

/** The line between a worker and the primary process. */
export interface Line {
  readonly send: (message: FromWorker) => void;
  readonly onMessage: (listener: (message: ToWorker) => void) => void;
  readonly log: (line: string) => void;
}

/** A worker that answers requests until it is told to drain. */
export interface RunningWorker {
  /** Drains; resolves when the process may end. */
  stop(): Promise<void>;
}

// Long enough for a busy connection to send its next request and hear that it should close.
const IDLE_LIMIT_MS = 2_000;
const DISK_PROBLEMS = new Set<unknown>(['ENOSPC', 'EROFS', 'EDQUOT', 'EACCES']);

/** Runs one worker; one of them prepares the data before the others open them. */
export async function runWorker(
  settings: Settings,
  { send, onMessage, log }: Line,
  prepare: boolean,
): Promise<RunningWorker> {
  const asking = createAsking(send);
  const serving = await serve(settings, settings.sessionSecret ?? '', {
    creationWaitS: async (address) =>
      settings.createLimit === 0 ? 0 : ((await asking.ask({ about: 'creation', address })) as number),
    metrics: async () => (await asking.ask({ about: 'metrics' })) as string,
    log,
    onForgotten: (code) => send({ type: 'forgotten', code }),
    ...(prepare && { onPrepared: () => send({ type: 'prepared' }) }),
  }).catch((error) => {
    const mistake = startMistake(error);
    if (!mistake) throw error;
    send({ type: 'failed', message: mistake.message });
    throw mistake;
  });

  // Loaded only where there is an agent to tell.
  const stopSending =
    settings.agent && (await import('../telemetry/statsd.ts')).sendTraffic(serving.traffic, settings.agent, log);

  let snapshot: (() => Promise<MetricSnapshot>) | undefined;
  const obey = async (message: ToWorker): Promise<void> => {
    if (message.type === 'answer') asking.onAnswer(message.id, message.answer);
    if (message.type === 'forget') serving.forget(message.code);
    if (message.type === 'sweep') await serving.sweep();
    if (message.type === 'collect') {
      snapshot ??= (await import('../telemetry/metrics.ts')).watchMetrics(serving.traffic);
      send({ type: 'snapshot', id: message.id, snapshot: await snapshot() });
    }
  };
  onMessage((message) => {
    obey(message).catch((error: Error) =>
      log(`Worker ${process.pid} could not do "${message.type}": ${error.message}`),
    );
  });
  reportUsage(send);
  send({ type: 'listening', url: serving.url });
  return {
    stop: async () => {
      await serving.stop({ idleMs: IDLE_LIMIT_MS, totalMs: DRAIN_LIMIT_MS });
      await stopSending?.();
    },
  };
}

/** What whoever started the app can mend; undefined when it is our own error. */
function startMistake(error: Error & { readonly code?: unknown }): UserError | undefined {
  if (error instanceof UserError) return error;
  if (error instanceof StoreUnavailable) return new UserError(error.message, { cause: error });
  if (!DISK_PROBLEMS.has(error.code)) return undefined;
  return new UserError(`Cannot prepare DATA_DIR (${error.message}). Make room in it or set DATA_DIR.`, {
    cause: error,
  });
}
