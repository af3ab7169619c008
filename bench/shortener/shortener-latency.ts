// The latency of redirects at half of what one process can do.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildApp } from './build.ts';
import { median, startApp, tempFolder } from './process.ts';
import { wrk } from './wrk.ts';

export const claim = 'redirects of one process at half of its saturation rate: p99 < 2 ms, median of 5 rounds';

const ROUNDS = 5;
const MEAN_PAUSE_S = 0.01;

/** Prints the rates and the percentiles. */
export async function run(): Promise<boolean> {
  const app = await startApp({ workers: 1, cores: '0', dataDir: tempFolder(), server: buildApp() });
  const url = `${app.url}/go`;
  await wrk(url, { cores: '1' });
  const { requestsPerS: saturation } = await wrk(url, { cores: '1', seconds: 4 });

  // Each connection pauses 5 to 15 ms before a request, so that arrivals do not wait for each other.
  const script = join(tempFolder(), 'paced.lua');
  writeFileSync(
    script,
    `function delay() return math.random(5, 15) end
     done = function(summary, latency) print("p99 " .. latency:percentile(99)) end\n`,
  );
  const connections = Math.round((saturation / 2) * MEAN_PAUSE_S);
  const p99sMs: number[] = [];
  const rates: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const { requestsPerS, failures, p99Us } = await wrk(url, { cores: '1', seconds: 4, connections, script });
    if (failures > 0 || p99Us === undefined) throw new Error(`${failures} requests failed`);
    // The first round opens the connections.
    if (round > 0) p99sMs.push(p99Us / 1000);
    if (round > 0) rates.push(requestsPerS);
  }
  await app.stop();
  console.log(`   saturation ${saturation.toFixed(0)} req/s; measured at ${median(rates).toFixed(0)} req/s`);
  console.log(`   p99 ${median(p99sMs).toFixed(2)} ms (${p99sMs.map((ms) => ms.toFixed(2)).join(', ')})`);
  return median(p99sMs) < 2;
}
