// Durable creations by 64 clients over the JSON API, and what they do to the redirects beside them.
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openLmdbStore } from '../../app/links/lmdb-store.ts';
import { startApp, tempFolder } from '../program.ts';
import { inTurn, median, medianRatio, print } from '../rounds.ts';
import { luaScript, requestsPerS, wrk } from './wrk.ts';

export const claim =
  'durable creations: >= 2,000/s with 64 clients; redirects keep >= 0.9 of their rate beside one client that creates';

const clients = 64;
const rounds = 5;
const bareMs = 2000;
const creation = `wrk.method = "POST"\nwrk.body = '{"url":"https://example.org/some/page"}'
  wrk.headers["Content-Type"] = "application/json"\n`;

/** Prints the figures. */
export async function run(): Promise<boolean> {
  print(`bare: ${bareSyncs().toFixed(0)} fdatasync/s one after the other`);
  print(`bare: ${(await bareCreations()).toFixed(0)} durable creations/s by ${clients} callers in the store alone`);
  const app = await startApp({ workers: 2, dataDir: tempFolder() });
  const [api, redirect] = [`${app.url}/api/links`, `${app.url}/go`];
  const script = luaScript(creation);
  const load = { connections: clients, seconds: 3, script };
  const { rates } = await inTurn(rounds, { rates: () => requestsPerS(api, load) });
  const beforeS = app.cpuS();
  const { requests } = await wrk(api, load);
  const cpuUs = ((app.cpuS() - beforeS) / requests) * 1e6;
  const { alone, both } = await inTurn(rounds, {
    alone: async () => [await requestsPerS(redirect), 0] as [number, number],
    both: () => Promise.all([requestsPerS(redirect), requestsPerS(api, { connections: 1, script })]),
  });
  await app.stop();
  const ratio = medianRatio(
    both.map(([beside]) => beside),
    alone.map(([perS]) => perS),
  );
  const all = rates.map((rate) => rate.toFixed(0)).join(', ');
  print(`${median(rates).toFixed(0)} creations/s, each answered after its fsync (${all})`);
  print(`${cpuUs.toFixed(0)} CPU us of the app for one`);
  const created = median(both.map(([, perS]) => perS));
  print(`redirects beside ${created.toFixed(0)} creations/s: ${ratio.toFixed(3)} of those alone`);
  return median(rates) >= 2000 && ratio >= 0.9;
}

/** What the disk does: a page written and synced, again and again. */
function bareSyncs(): number {
  const file = openSync(join(tempFolder(), 'file'), 'w');
  const page = Buffer.alloc(4096, 1);
  const startedMs = performance.now();
  let count = 0;
  for (; performance.now() - startedMs < bareMs; count += 1) {
    writeSync(file, page, 0, page.length, (count % 100) * page.length);
    fdatasyncSync(file);
  }
  closeSync(file);
  return count / (bareMs / 1000);
}

/** What the store does without HTTP around it. */
async function bareCreations(): Promise<number> {
  const store = await openLmdbStore(join(tempFolder(), 'links'), { log: () => {}, onForgotten: () => {} });
  const startedMs = performance.now();
  const link = { location: 'https://example.org/some/page', createdAt: new Date().toISOString() };
  let count = 0;
  const caller = async (_: unknown, name: number): Promise<void> => {
    for (let i = 0; performance.now() - startedMs < bareMs; i += 1, count += 1)
      await store.create({ ...link, code: `b${name}-${i}`, owner: `o${name}` });
  };
  await Promise.all(Array.from({ length: clients }, caller));
  await store.close();
  return count / (bareMs / 1000);
}
