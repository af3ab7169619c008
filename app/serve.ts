import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createApp } from './create-app.ts';
import { openFileStore } from './file-store.ts';
import { type Listening, listen } from './listen.ts';
import { openStore } from './open-store.ts';
import { redirectKnown } from './redirect.ts';
import { seedStore } from './seed.ts';
import type { Settings } from './settings.ts';
import { countVisits } from './visits.ts';

/** The running shortener of one process. */
export interface Serving {
  readonly url: string;
  /** Answers what has been asked, then closes the store. */
  stop(): Promise<void>;
}

/** Opens the store, seeds it and listens. */
export async function serve(settings: Settings, log: (line: string) => void): Promise<Serving> {
  const store = await openStore(settings, log);
  const visits = countVisits(store, {
    intervalMs: 1000,
    onFailure: (cause) => log(`Visits are not written: ${cause}`),
  });
  const files = openFileStore(join(settings.dataDir, 'files'));
  let listening: Listening;
  try {
    await seedStore(store, files, settings.urlsFile);
    const app = createApp({
      store,
      visits,
      files,
      maxUploadBytes: settings.maxUploadBytes,
      sessionSecret: settings.sessionSecret ?? randomBytes(32).toString('base64url'),
    });
    listening = await listen((req, res) => {
      if (!redirectKnown({ store, visits }, req, res)) app(req, res);
    }, settings);
  } catch (cause) {
    await store.close();
    throw cause;
  }
  return {
    url: listening.url,
    async stop() {
      await listening.drain();
      await visits.stop();
      await store.close();
    },
  };
}
