// Constant arrivals as the server sees them: spread over the second, or in bursts?
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { startGenerators } from '../../loadtest/generators/generators.ts';
import { autocannon } from '../program.ts';
import { print } from '../rounds.ts';
import { runOpen } from './open-stage.ts';

export const claim = 'constant arrivals at 1,000/s: standard deviation of requests per 10 ms under 2';

const ratePerS = 1000;
const durationS = 10;
const binMs = 10;

/** Requests per bin at a server, without the first and the last second. */
async function seenBy(load: (origin: string) => Promise<unknown>): Promise<number[]> {
  const seen: number[] = [];
  const server = createServer((_, response) => {
    seen.push(performance.now());
    response.end('ok');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  await load(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  const begin = (seen[0] ?? 0) + 1000;
  const bins = new Array<number>(((durationS - 2) * 1000) / binMs).fill(0);
  for (const at of seen) {
    const bin = Math.floor((at - begin) / binMs);
    if (bin >= 0 && bin < bins.length) bins[bin] = (bins[bin] as number) + 1;
  }
  return bins;
}

function deviation(bins: readonly number[]): number {
  const mean = bins.reduce((sum, each) => sum + each, 0) / bins.length;
  return Math.sqrt(bins.reduce((sum, each) => sum + (each - mean) ** 2, 0) / bins.length);
}

/** Prints both; the claim is about ours. */
export async function run(): Promise<boolean> {
  const generators = await startGenerators(1, process.env);
  const ours = await seenBy((origin) => runOpen(generators, { origin, ratePerS, durationS }));
  generators.close();
  const bare = await seenBy((url) => autocannon(url, '-c', '10', '-R', String(ratePerS), '-d', String(durationS)));
  for (const [name, bins] of Object.entries({ headroom: ours, 'autocannon -R 1000': bare })) {
    print(
      `${name.padEnd(20)} per 10 ms: standard deviation ${deviation(bins).toFixed(2)}, largest ${Math.max(...bins)}`,
    );
  }
  return deviation(ours) < 2;
}
