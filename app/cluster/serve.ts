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
import { countTraffic, type Tally, type Traffic } from '../telemetry/traffic.ts';
import { type DrainLimits, type Listening, listen } from './listen.ts';

/** What the workers share, which one process cannot know by itself. */
export interface Surroundings {
  /** Seconds until this address may create a link, 0 for now. */
  readonly creationWaitS: (address: string) => Promise<number>;
  /** The text of /metrics over all workers. */
  readonly metrics: () => Promise<string>;
  readonly log: (line: string) => void;
  /** A link was removed here, of which the other workers must be told. */
  readonly onForgotten: (code: string) => void;
  /** Present in the one that has to prepare the data for all: called when they are ready. */
  readonly onPrepared?: () => void;
}

/** The shortener of one process, answering. */
export interface Serving {
  readonly url: string;
  readonly traffic: Traffic;
  /** A link was removed by another worker. */
  forget(code: string): void;
  /** Removes uploaded files that belong to no link. */
  sweep(): Promise<void>;
  /** Answers what has been asked, then closes the store. */
  stop(limits: DrainLimits): Promise<void>;
}

const VISITS_INTERVAL_MS = 1_000;
const TIMED_EVERY = 16;

/** Opens the store and listens. */
export async function serve(settings: Settings, sessionSecret: string, around: Surroundings): Promise<Serving> {
  const { log } = around;
  const store = await openStore(settings, around);
  const onFailure = (cause: unknown): void => log(`Visits wait to be written: ${(cause as Error).message}`);
  const visits = countVisits(store, { intervalMs: VISITS_INTERVAL_MS, onFailure });
  const traffic = countTraffic();
  const files = openFileStore(join(settings.dataDir, 'files'));
  if (around.onPrepared) {
    await seedStore(store, files, settings.urlsFile);
    around.onPrepared();
  }
  const parts = { store, visits, traffic, files };
  let listening: Listening | undefined;
  const app = createApp({
    ...parts,
    ...around,
    maxUploadBytes: settings.maxUploadBytes,
    trustProxy: settings.trustProxy,
    sessionSecret,
    isDraining: () => listening?.isDraining() ?? false,
  });
  const redirects = { GET: traffic.tally('GET', '/:code', 302), HEAD: traffic.tally('HEAD', '/:code', 302) };
  let turn = 0;
  try {
    listening = await listen((req, res) => {
      turn = (turn + 1) % TIMED_EVERY;
      const tally = redirects[req.method as 'GET' | 'HEAD'] as Tally | undefined;
      // Two looks at the clock cost as much as the rest of a redirect, so only some are timed, the first among them; all are counted.
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
    forget: store.forget,
    async sweep() {
      const removed = await sweepFiles(files, store, Date.now());
      if (removed > 0) log(`Removed ${removed} files that belong to no link.`);
    },
    async stop(limits) {
      await drain(limits);
      await visits.stop();
      await store.close();
    },
  };
}
