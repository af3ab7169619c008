// Durable creations by 64 clients over the JSON API, and what they do to the redirects beside them.
import { closeSync, fdatasyncSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openLmdbStore } from '../../app/links/lmdb-store.ts';
import { median, startApp, tempFolder } from './process.ts';
import { wrk } from './wrk.ts';

export const claim =
  'durable creations: >= 2,000/s with 64 clients; redirects keep >= 0.9 of their rate beside one client that creates';

const CLIENTS = 64;
const ROUNDS = 5;
const BARE_MS = 2000;

/** Prints the figures. */
export async function run(): Promise<boolean> {
  console.log(`   bare: ${bareSyncs().toFixed(0)} fdatasync/s one after the other`);
  console.log(
    `   bare: ${(await bareCreations()).toFixed(0)} durable creations/s by ${CLIENTS} callers in the store alone`,
  );
  const app = await startApp({ workers: 2, dataDir: tempFolder() });
  const script = creationScript();
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const { requestsPerS, failures } = await wrk(`${app.url}/api/links`, { connections: CLIENTS, seconds: 3, script });
    if (failures > 0) throw new Error(`${failures} creations failed`);
    // The first round warms up.
    if (round > 0) rates.push(requestsPerS);
  }
  const beforeS = app.cpuS();
  const { requests } = await wrk(`${app.url}/api/links`, { connections: CLIENTS, seconds: 3, script });
  const cpuUs = ((app.cpuS() - beforeS) / requests) * 1e6;

  const ratios: number[] = [];
  const besides: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const alone = await wrk(`${app.url}/go`);
    const creating = wrk(`${app.url}/api/links`, { connections: 1, seconds: 2, script });
    const beside = await wrk(`${app.url}/go`);
    const { requestsPerS, failures } = await creating;
    if (failures + beside.failures > 0) throw new Error(`${failures + beside.failures} requests failed`);
    if (round === 0) continue;
    ratios.push(beside.requestsPerS / alone.requestsPerS);
    besides.push(requestsPerS);
  }
  await app.stop();
  console.log(
    `   ${median(rates).toFixed(0)} creations/s, each answered after its fsync (${rates.map((rate) => rate.toFixed(0)).join(', ')})`,
  );
  console.log(`   ${cpuUs.toFixed(0)} CPU us of the app for one`);
  console.log(
    `   redirects beside ${median(besides).toFixed(0)} creations/s: ${median(ratios).toFixed(3)} of those alone`,
  );
  return median(rates) >= 2000 && median(ratios) >= 0.9;
}

/** What the disk does: a page written and synced, again and again. */
function bareSyncs(): number {
  const file = openSync(join(tempFolder(), 'file'), 'w');
  const page = Buffer.alloc(4096, 1);
  const startedMs = performance.now();
  let count = 0;
  for (; performance.now() - startedMs < BARE_MS; count += 1) {
    writeSync(file, page, 0, page.length, (count % 100) * page.length);
    fdatasyncSync(file);
  }
  closeSync(file);
  return count / (BARE_MS / 1000);
}

/** What the store does without HTTP around it. */
async function bareCreations(): Promise<number> {
  const store = await openLmdbStore(join(tempFolder(), 'links'), { onForgotten: () => {} });
  const startedMs = performance.now();
  const createdAt = new Date().toISOString();
  let count = 0;
  const caller = async (name: number): Promise<void> => {
    for (let i = 0; performance.now() - startedMs < BARE_MS; i += 1, count += 1) {
      await store.create({
        code: `b${name}-${i}`,
        location: 'https://example.org/some/page',
        createdAt,
        owner: `o${name}`,
      });
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, (_, name) => caller(name)));
  await store.close();
  return count / (BARE_MS / 1000);
}

function creationScript(): string {
  const path = join(tempFolder(), 'create.lua');
  const body = '{"url":"https://example.org/some/page"}';
  writeFileSync(path, `wrk.method = "POST"\nwrk.body = '${body}'\nwrk.headers["Content-Type"] = "application/json"\n`);
  return path;
}
