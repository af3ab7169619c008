// Our closed stage against bare autocannon: same target, connections and seconds, in turn.
import { startGenerators } from '../../loadtest/generators/generators.ts';
import type { LoadLine } from '../../model/second.ts';
import { autocannon, startServer } from '../program.ts';
import { inTurn, medianRatio, print } from '../rounds.ts';

export const claim = 'requests per second of a closed stage against bare autocannon: median ratio >= 0.95';

const pairs = 5;
const connections = 32;
const seconds = 5;

async function bare(url: string): Promise<number> {
  const { requests, duration } = await autocannon(`${url}/go`, '-c', `${connections}`, '-d', `${seconds}`);
  return requests.total / duration;
}

async function ours(origin: string): Promise<number> {
  const generators = await startGenerators(1, process.env);
  const lines: LoadLine[] = [];
  const route = { name: 'go', method: 'GET' as const, path: '/go', weight: 1, headers: {}, expect: [302] };
  const closed = { kind: 'closed' as const, stage: 0, generator: 0, connections, durationS: seconds };
  const order = { ...closed, origin, routes: [route], timeoutS: 5, insecure: false };
  await generators.run([order], (line) => line.kind === 'load' && lines.push(line));
  generators.close();
  return lines.reduce((sum, line) => sum + line.outcomes.ok, 0) / lines.reduce((sum, line) => sum + line.durationS, 0);
}

/** Prints each pair and the median ratio. */
export async function run(): Promise<boolean> {
  const { url, stop } = await startServer('shortener/bare-redirects.ts');
  const found = await inTurn(pairs, { headroom: () => ours(url), autocannon: () => bare(url) });
  await stop();
  for (const [pair, perS] of found.headroom.entries())
    print(`headroom ${Math.round(perS)}/s   autocannon ${Math.round(found.autocannon[pair] ?? 0)}/s`);
  const ratio = medianRatio(found.headroom, found.autocannon);
  print(`median ratio ${ratio.toFixed(3)}`);
  return ratio >= 0.95;
}
