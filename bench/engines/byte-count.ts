// What counting the bytes of requests and answers costs the engines: CPU time an answer at full rate, with it and without, in turn.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { StageOrder } from '../../loadtest/engines/stage-order.ts';
import { startGenerators } from '../../loadtest/generators/generators.ts';
import { startServer } from '../program.ts';
import { inTurn, medianRatio, print } from '../rounds.ts';

export const claim =
  'counting bytes takes less than 2 % of what one process gets answered for a second of CPU time, closed and open: median ratio of 9 pairs above 0.98';

const pairs = 9;
const seconds = 4;
const route = { name: 'go', method: 'GET' as const, path: '/go', weight: 1, headers: {}, expect: [302] };
const common = { stage: 0, generator: 0, routes: [route], durationS: seconds, timeoutS: 5, insecure: false };

type Engine = 'closed' | 'open';

/** More than one process sends: what is answered then is the most that there is. */
const tooMuch = 80_000;

function orderFor(engine: Engine, origin: string): StageOrder {
  if (engine === 'closed') return { ...common, kind: 'closed', origin, connections: 32 };
  const rate = { from: tooMuch, to: tooMuch };
  const arrivals = { arrivalRatePerS: rate, arrivals: 'constant' as const, seed: 1, maxConnections: 64 };
  return { ...common, ...arrivals, kind: 'open', origin, generators: 1, startAt: Date.now() + 500 };
}

/** Answers of a fresh process for a second of its CPU time. */
async function rateOf(engine: Engine, origin: string, isCounting: boolean): Promise<number> {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const before = new URL('uncounted.ts', import.meta.url).href;
  const NODE_OPTIONS = isCounting ? `--import ${tsx}` : `--import ${tsx} --import ${before}`;
  const generators = await startGenerators(1, { ...process.env, NODE_OPTIONS });
  let [answers, cpuS, bytes] = [0, 0, 0];
  await generators.run([orderFor(engine, origin)], (line) => {
    if (line.kind !== 'load') return;
    answers += line.outcomes.ok;
    cpuS += line.cpuS;
    bytes += line.bytes?.received ?? 0;
  });
  generators.close();
  if (bytes > 0 !== isCounting) throw new Error(`${bytes} bytes were counted`);
  return answers / cpuS;
}

/** Prints each pair and the median ratio, of one engine after the other. */
export async function run(part?: string): Promise<boolean> {
  const { url, stop } = await startServer('shortener/bare-redirects.ts');
  const engines = (['closed', 'open'] as const).filter((engine) => part === undefined || part === engine);
  let holds = true;
  for (const engine of engines) {
    const found = await inTurn(pairs, {
      counting: () => rateOf(engine, url, true),
      without: () => rateOf(engine, url, false),
    });
    for (const [pair, perS] of found.counting.entries())
      print(
        `${engine}: ${(1e6 / perS).toFixed(2)} µs counting, ${(1e6 / (found.without[pair] ?? 0)).toFixed(2)} µs without`,
      );
    const ratio = medianRatio(found.counting, found.without);
    print(`${engine}: median ratio ${ratio.toFixed(3)}`);
    holds &&= ratio > 0.98;
  }
  await stop();
  return holds;
}
