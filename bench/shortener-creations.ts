// Durable creations by 64 clients over the JSON API, and what they do to the redirects beside them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { median, startApp, tempFolder } from './shortener-process.ts';
import { wrk } from './shortener-wrk.ts';

export const claim =
  'durable creations: >= 2,000/s with 64 clients; redirects keep >= 0.9 of their rate beside one client that creates';

const CLIENTS = 64;
const ROUNDS = 5;

/** Prints the figures. */
export async function run(): Promise<boolean> {
  const app = await startApp({ workers: 2, dataDir: tempFolder() });
  const script = creationScript();
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const { requestsPerS, failures } = await wrk(`${app.url}/api/links`, { connections: CLIENTS, seconds: 3, script });
    if (failures > 0) throw new Error(`${failures} creations failed`);
    // The first round warms up.
    if (round > 0) rates.push(requestsPerS);
  }

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
  console.log(
    `   redirects beside ${median(besides).toFixed(0)} creations/s: ${median(ratios).toFixed(3)} of those alone`,
  );
  return median(rates) >= 2000 && median(ratios) >= 0.9;
}

function creationScript(): string {
  const path = join(tempFolder(), 'create.lua');
  const body = '{"url":"https://example.org/some/page"}';
  writeFileSync(path, `wrk.method = "POST"\nwrk.body = '${body}'\nwrk.headers["Content-Type"] = "application/json"\n`);
  return path;
}
