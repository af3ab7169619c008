// The latency of redirects at half of what one process can do.
import { buildApp, startApp, tempFolder } from '../program.ts';
import { inTurn, median, print } from '../rounds.ts';
import { luaScript, requestsPerS, wrk } from './wrk.ts';

export const claim = 'redirects of one process at half of its saturation rate: p99 < 2 ms, median of 5 rounds';

const rounds = 5;
const meanPauseS = 0.01;
// Each connection pauses 5 to 15 ms before a request, so that arrivals do not wait for each other.
const paced = `function delay() return math.random(5, 15) end
  done = function(summary, latency) print("p99 " .. latency:percentile(99)) end\n`;

/** Prints the rates and the percentiles. */
export async function run(): Promise<boolean> {
  const app = await startApp({ workers: 1, cores: '0', dataDir: tempFolder(), server: buildApp() });
  const url = `${app.url}/go`;
  await requestsPerS(url, { cores: '1' });
  const saturation = await requestsPerS(url, { cores: '1', seconds: 4 });
  const connections = Math.round((saturation / 2) * meanPauseS);
  const script = luaScript(paced);
  const { found } = await inTurn(rounds, { found: () => wrk(url, { cores: '1', seconds: 4, connections, script }) });
  await app.stop();
  if (found.some(({ failures, p99Us }) => failures > 0 || p99Us === 0)) throw new Error('requests failed');
  const p99sMs = found.map(({ p99Us }) => p99Us / 1000);
  const rate = median(found.map((each) => each.requestsPerS));
  print(`saturation ${saturation.toFixed(0)} req/s; measured at ${rate.toFixed(0)} req/s`);
  print(`p99 ${median(p99sMs).toFixed(2)} ms (${p99sMs.map((ms) => ms.toFixed(2)).join(', ')})`);
  return median(p99sMs) < 2;
}
