// The capacity search against servers whose capacity is known exactly: 1,000/s and 250/s.
import { startGenerators } from '../loadtest/generators.ts';
import { loadProfile } from '../loadtest/profiles.ts';
import { runLoad } from '../loadtest/run.ts';
import { createCalm } from '../monitors/calm.ts';
import { startServer } from './program.ts';

export const claim =
  'capacity of a target of 1,000/s and of 250/s: midpoint within 3 %, the truth in the interval in 9 of 10 runs, each under 60 s';

const seeds = 10;

async function search(serviceMs: number): Promise<boolean> {
  const truth = 1000 / serviceMs;
  let covered = 0;
  let close = 0;
  let slowestS = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const target = await startServer('truth-server.ts', 'queue', String(serviceMs));
    const generators = await startGenerators(1, process.env);
    const began = Date.now();
    const stages = loadProfile('capacity').stages.filter((stage) => stage.kind === 'capacity');
    const { capacity, warnings } = await runLoad({
      profile: { ...loadProfile('capacity'), stages },
      origin: target.origin,
      routes: [{ name: 'x', method: 'GET', path: '/', weight: 1, headers: {}, expect: [200] }],
      generators,
      seed,
      insecure: false,
      calm: await createCalm(2000),
      signal: new AbortController().signal,
      onLine: () => {},
      onStage: () => {},
    });
    generators.close();
    await target.stop();
    const tookS = (Date.now() - began) / 1000;
    slowestS = Math.max(slowestS, tookS);
    if (!capacity) {
      process.stdout.write(`   ${truth}/s, seed ${seed}: ${warnings.join('; ')}\n`);
      continue;
    }
    const { arrivalRatePerS, low, high, probes } = capacity;
    const off = arrivalRatePerS / truth - 1;
    if (low <= truth && truth <= high) covered++;
    if (Math.abs(off) <= 0.03) close++;
    process.stdout.write(
      `   ${truth}/s, seed ${seed}: ${arrivalRatePerS.toFixed(1)}/s (${low.toFixed(1)} to ${high.toFixed(1)}), ${(100 * off).toFixed(1)} % off, ${probes.length} probes, ${tookS.toFixed(0)} s\n`,
    );
  }
  process.stdout.write(
    `   ${truth}/s: within 3 % in ${close} of ${seeds}, truth in the interval in ${covered} of ${seeds}, slowest ${slowestS.toFixed(0)} s\n`,
  );
  return close >= 9 && covered >= 9 && slowestS < 60;
}

/** Prints each run. */
export async function run(): Promise<boolean> {
  const fast = await search(1);
  const slow = await search(4);
  return fast && slow;
}
