import { join } from 'node:path';
import { listen } from '../cluster/listen.ts';
import { type AppParts, createApp } from '../http/create-app.ts';
import { redirectKnown } from '../http/redirect.ts';
import { openFileStore } from '../links/file-store.ts';
import { openLmdbStore } from '../links/lmdb-store.ts';
import { seedStore } from '../links/seed.ts';
import type { LinkStore } from '../links/store.ts';
import { countVisits, type VisitCounter } from '../links/visits.ts';
import { countTraffic } from '../telemetry/traffic.ts';
import { tempFolder } from './app-process.ts';

export interface AppServer {
  readonly url: string;
  readonly store: LinkStore;
  readonly visits: VisitCounter;
  readonly filesFolder: string;
  stop(): Promise<void>;
}

/** A browser without a window: keeps cookies, follows nothing. */
export interface Visitor {
  get(path: string): Promise<Response>;
  post(path: string, body: URLSearchParams | FormData): Promise<Response>;
  send(path: string, init: RequestInit): Promise<Response>;
}

/** Starts the app with the shipped seed links inside this process. */
export async function startApp({
  fastPath = true,
  ...parts
}: { fastPath?: boolean } & Partial<AppParts> = {}): Promise<AppServer> {
  const folder = tempFolder();
  const store = await openLmdbStore(join(folder, 'links'), { log: () => {}, onForgotten: () => {} });
  const files = openFileStore(join(folder, 'files'));
  await seedStore(store, files, join(import.meta.dirname, '..', '..', 'urls.json'));
  const visits = countVisits(store, { intervalMs: 60_000, onFailure: (cause) => console.error(cause) });
  const app = createApp({
    store,
    files,
    visits,
    traffic: countTraffic(),
    maxUploadBytes: 100_000,
    sessionSecret: 'test',
    trustProxy: [],
    isDraining: () => false,
    metrics: async () => '',
    creationWaitS: async () => 0,
    log: (line) => console.error(line),
    ...parts,
  });
  const listening = await listen(
    (req, res) => {
      if (!fastPath || !redirectKnown({ store, visits }, req, res)) app(req, res);
    },
    { host: '127.0.0.1', port: 0 },
  );
  return {
    url: listening.url,
    store,
    visits,
    filesFolder: files.folder,
    async stop() {
      await listening.drain({ idleMs: 0, totalMs: 5_000 });
      await visits.stop();
      await store.close();
    },
  };
}

/** A visitor of a site. */
export function visit(site: string): Visitor {
  const cookies = new Map<string, string>();
  const send = async (path: string, init: RequestInit): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(site + path, {
      ...init,
      redirect: 'manual',
      headers: { ...(init.headers as Record<string, string>), cookie },
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const name = pair.slice(0, pair.indexOf('='));
      cookies.set(name, pair.slice(name.length + 1));
    }
    return response;
  };
  return { send, get: (path) => send(path, {}), post: (path, body) => send(path, { method: 'POST', body }) };
}
