import type { Settings } from '../settings.ts';
import type { MetricSnapshot } from '../telemetry/metrics.ts';
import { reportUsage } from '../telemetry/usage.ts';
import { UserError } from '../user-error.ts';
import type { FromWorker, ToWorker } from './channel.ts';
import { DRAIN_LIMIT_MS, IDLE_LIMIT_MS } from './drain-limit.ts';
import { asOperatorError } from './operator-error.ts';
import { createPrimaryClient } from './primary-client.ts';
import { serve } from './serve.ts';

/** The channel between a worker and the primary process. */
interface PrimaryChannel {
  readonly send: (message: FromWorker) => void;
  readonly onMessage: (listener: (message: ToWorker) => void) => void;
  readonly log: (line: string) => void;
}

/** Runs one worker. With `prepare` it seeds the store before the others open it. */
export async function runWorker(settings: Settings, { send, onMessage, log }: PrimaryChannel, prepare: boolean) {
  const primary = createPrimaryClient(send);
  const serving = await serve(settings, settings.sessionSecret ?? '', {
    creationWaitS: async (address) =>
      settings.createLimit === 0 ? 0 : ((await primary.ask({ about: 'creation', address })) as number),
    metrics: async () => (await primary.ask({ about: 'metrics' })) as string,
    log,
    onForgotten: (code) => send({ type: 'forgotten', code }),
    ...(prepare && { onPrepared: () => send({ type: 'prepared' }) }),
  }).catch((cause) => {
    const error = asOperatorError(cause, settings.dataDir);
    if (error instanceof UserError) send({ type: 'failed', message: error.message });
    throw error;
  });

  // Loaded only when there is an agent.
  const stopSending =
    settings.agent && (await import('../telemetry/statsd.ts')).sendTraffic(serving.traffic, settings.agent, log);

  let snapshot: (() => Promise<MetricSnapshot>) | undefined;
  const handle = async (message: ToWorker): Promise<void> => {
    if (message.type === 'answer') primary.onAnswer(message.id, message.answer);
    if (message.type === 'forget') serving.forget(message.code);
    if (message.type === 'sweep') await serving.sweep();
    if (message.type === 'collect') {
      snapshot ??= (await import('../telemetry/metrics.ts')).watchMetrics(serving.traffic);
      send({ type: 'snapshot', id: message.id, snapshot: await snapshot() });
    }
  };
  onMessage((message) => {
    handle(message).catch((error: Error) =>
      log(`Worker ${process.pid} failed to handle "${message.type}": ${error.message}`),
    );
  });
  reportUsage(send);
  send({ type: 'listening', url: serving.url });
  return {
    /** Drains; resolves when the process may exit. */
    stop: async (): Promise<void> => {
      await serving.stop({ idleMs: IDLE_LIMIT_MS, totalMs: DRAIN_LIMIT_MS });
      await stopSending?.();
    },
  };
}
