// The capacity search against servers whose capacity is known exactly: 1,000/s and 250/s. It takes 30 minutes; `capacity:1000/1-4` runs
// seeds 1 to 4 against the first alone.
import { startGenerators } from '../../loadtest/generators/generators.ts';
import { loadProfile } from '../../loadtest/profiles/load-profile.ts';
import { runLoad } from '../../loadtest/run/run.ts';
import { createRestWait } from '../../monitors/collectors/host-at-rest.ts';
import { startServer } from '../program.ts';
import { print } from '../rounds.ts';

export const claim =
  'capacity of a target of 1,000/s and of 250/s: midpoint within 2 %, the truth in the interval in 19 of 20 and in 9 of 10 runs, each under 60 s';

const targets = [
  { truth: 1000, serviceMs: 1, seeds: 20 },
  { truth: 250, serviceMs: 4, seeds: 10 },
];
const mostOff = 0.02;

async function search(
  { truth, serviceMs }: { readonly truth: number; readonly serviceMs: number },
  seeds: readonly number[],
): Promise<boolean> {
  let covered = 0;
  let close = 0;
  let slowestS = 0;
  for (const seed of seeds) {
    const target = await startServer('engines/truth-server.ts', ['queue', String(serviceMs)]);
    const generators = await startGenerators(1, process.env);
    const began = Date.now();
    const stages = loadProfile('capacity').stages.filter((stage) => stage.kind === 'capacity');
    const { capacity, warnings } = await runLoad({
      profile: { ...loadProfile('capacity'), stages },
      origin: target.url,
      routes: [{ name: 'x', method: 'GET', path: '/', weight: 1, headers: {}, expect: [200] }],
      generators,
      seed,
      insecure: false,
      calm: await createRestWait(2000),
      signal: new AbortController().signal,
      onLine: () => {},
      onStage: () => {},
    });
    generators.close();
    await target.stop();
    const tookS = (Date.now() - began) / 1000;
    slowestS = Math.max(slowestS, tookS);
    if (!capacity) {
      print(`${truth}/s, seed ${seed}: ${warnings.map(({ text }) => text).join('; ')}`);
      continue;
    }
    const { arrivalRatePerS, low, high, probes } = capacity;
    const off = arrivalRatePerS / truth - 1;
    if (low <= truth && truth <= high) covered++;
    if (Math.abs(off) <= mostOff) close++;
    print(
      `${truth}/s, seed ${seed}: ${arrivalRatePerS.toFixed(1)}/s (${low.toFixed(1)} to ${high.toFixed(1)}), ${(100 * off).toFixed(1)} % off, ${probes.length} probes, ${tookS.toFixed(0)} s`,
    );
  }
  print(
    `${truth}/s: within 2 % in ${close} of ${seeds.length}, truth in the interval in ${covered} of ${seeds.length}, slowest ${slowestS.toFixed(0)} s`,
  );
  // One of 10 and of 20 may miss it.
  return Math.min(close, covered) >= seeds.length - 1 && slowestS < 60;
}

/** Prints each run. */
export async function run(part?: string): Promise<boolean> {
  const [truth, first, last] =
    /^(1000|250)\/(\d+)-(\d+)$/
      .exec(part ?? '')
      ?.slice(1)
      .map(Number) ?? [];
  if (part !== undefined && truth === undefined) throw new Error(`no part ${part}; a part is like 1000/1-4`);
  let holds = true;
  for (const target of targets.filter((each) => truth === undefined || each.truth === truth)) {
    const all = Array.from({ length: target.seeds }, (_, index) => index + 1);
    const seeds = all.filter((seed) => seed >= (first ?? 1) && seed <= (last ?? target.seeds));
    holds = (await search(target, seeds)) && holds;
  }
  return holds;
}
