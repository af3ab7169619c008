// What a walk costs the open engine: three requests with a cookie and a token, beside the same three as a mix.
import { inTurn, medianRatio, print } from '../rounds.ts';
import { fullRate } from './full-rate.ts';
import { startSite } from './nginx-site.ts';

export const claim =
  'a walk of 3 requests with cookies: one process gets at least 0.8 of the answers that it gets for the same requests as a mix, for a second of its CPU time (median of 5 pairs)';

const pairs = 5;
const leastRatio = 0.8;

/** Prints each pair and the median ratio. */
export async function run(): Promise<boolean> {
  const { plain, stop } = await startSite();
  const { walk, mix } = await inTurn(pairs, { walk: () => fullRate(plain, true), mix: () => fullRate(plain, false) });
  for (const [pair, { perS, perCpuS }] of walk.entries()) {
    const other = mix[pair] as (typeof walk)[number];
    print(
      `walk ${Math.round(perS)}/s (${(1e6 / perCpuS).toFixed(1)} µs of CPU each), mix ${Math.round(other.perS)}/s (${(1e6 / other.perCpuS).toFixed(1)} µs)`,
    );
  }
  const [ratio, ofRates] = (['perCpuS', 'perS'] as const).map((key) =>
    medianRatio(
      walk.map((each) => each[key]),
      mix.map((each) => each[key]),
    ),
  ) as [number, number];
  print(`median ratio ${ratio.toFixed(3)} by CPU time, ${ofRates.toFixed(3)} by wall-clock time`);
  await stop();
  return ratio >= leastRatio;
}
