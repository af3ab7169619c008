import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createApp } from '../http/create-app.ts';
import { redirectKnown } from '../http/redirect.ts';
import { openFileStore } from '../links/file-store.ts';
import { openStore } from '../links/open-store.ts';
import { seedStore } from '../links/seed.ts';
import { sweepFiles } from '../links/sweep-files.ts';
import { countVisits } from '../links/visits.ts';
import type { Settings } from '../settings.ts';
import { countTraffic, type Tally } from '../telemetry/traffic.ts';
import { type DrainLimits, type Listening, listen } from './listen.ts';

/** What a worker needs from the other processes of the app. */
interface WorkerContext {
  /** Seconds until this address may create a link; 0 means now. */
  readonly creationWaitS: (address: string) => Promise<number>;
  /** The text of /metrics, over all workers. */
  readonly metrics: () => Promise<string>;
  readonly log: (line: string) => void;
  /** A link was removed by this worker; the other workers must forget it. */
  readonly onForgotten: (code: string) => void;
  /** Present in the worker that seeds the store for all; called when it is seeded. */
  readonly onPrepared?: () => void;
}

const VISITS_INTERVAL_MS = 1_000;
/** One redirect in so many is timed. */
const TIMED_EVERY = 16;

/** The shortener in one process: opens the store and listens. Throws a UserError when a setting is wrong. */
export async function serve(settings: Settings, sessionSecret: string, context: WorkerContext) {
  const { log } = context;
  const store = await openStore(settings, context);
  const onFailure = (cause: unknown): void => log(`Cannot write visit counts, will retry: ${(cause as Error).message}`);
  const visits = countVisits(store, { intervalMs: VISITS_INTERVAL_MS, onFailure });
  const traffic = countTraffic();
  const files = openFileStore(join(settings.dataDir, 'files'), settings.maxFilesBytes);
  if (context.onPrepared) {
    await seedStore(store, files, settings.urlsFile);
    context.onPrepared();
  }
  const parts = { store, visits, traffic, files };
  let listening: Listening | undefined;
  const isDraining = (): boolean => listening?.isDraining() ?? false;
  const { maxUploadBytes, trustProxy } = settings;
  const app = createApp({ ...parts, ...context, maxUploadBytes, trustProxy, sessionSecret, isDraining });
  const redirects = { GET: traffic.tally('GET', '/:code', 302), HEAD: traffic.tally('HEAD', '/:code', 302) };
  let turn = 0;
  try {
    listening = await listen((req, res) => {
      turn = (turn + 1) % TIMED_EVERY;
      const tally = redirects[req.method as 'GET' | 'HEAD'] as Tally | undefined;
      // Reading the clock twice costs as much as the rest of a redirect. So all redirects are counted and only some are timed,
      // the first included.
      const startedMs = turn === 0 || tally?.count === 0 ? performance.now() : undefined;
      if (!tally || !redirectKnown(parts, req, res)) {
        app(req, res);
        return;
      }
      if (startedMs === undefined) traffic.repeat(tally);
      else traffic.record(tally, startedMs);
    }, settings);
  } catch (cause) {
    await store.close();
    throw cause;
  }
  const { url, drain } = listening;
  return {
    url,
    traffic,
    /** Drops a link that another worker has removed. */
    forget: store.forget,
    /** Removes uploaded files that belong to no link. */
    async sweep(): Promise<void> {
      const removed = await sweepFiles(files, store, Date.now());
      if (removed > 0) log(`Removed ${removed} uploaded files that belong to no link.`);
    },
    /** Finishes open requests, then closes the store. */
    async stop(limits: DrainLimits): Promise<void> {
      await drain(limits);
      await visits.stop();
      await store.close();
    },
  };
}
