// How often the interval of a difference leaves out the truth, for two runs that differ by nothing. Seconds of a run lean on each other.
import { bootstrapInterval } from '../../reports/series/bootstrap.ts';

const pairs = 400;

export const claim = 'the 95 % interval of a difference leaves 0 out in at most 5 % of 400 pairs of alike runs';

/** An AR(1) series around 0, the same for the same seed. */
function series(seed: number, n: number, phi: number): number[] {
  let state = seed * 7919 + 1;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  for (let skip = 0; skip < 20; skip++) uniform();
  const normal = (): number => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  let value = normal() / Math.sqrt(1 - phi * phi);
  return Array.from({ length: n }, () => {
    value = phi * value + normal();
    return value;
  });
}

const mean = (values: readonly number[], weights: Float64Array | undefined): number =>
  values.reduce((sum, value, index) => sum + value * (weights?.[index] ?? 0), 0) / values.length;

/** Prints the share of false alarms by length and correlation of the runs. */
export async function run(): Promise<boolean> {
  let holds = true;
  for (const [seconds, phi] of [
    [30, 0],
    [60, 0.5],
    [120, 0.8],
  ] as const) {
    const alarms = Array.from({ length: pairs }, (_, pair) => {
      const [a, b] = [series(2 * pair, seconds, phi), series(2 * pair + 1, seconds, phi)];
      return bootstrapInterval(
        [[{ series: a }], [{ series: b }]],
        ([wa, wb]) => mean(b, wb?.[0]) - mean(a, wa?.[0]),
        pair,
      );
    }).filter((found) => found !== undefined && (found.low > 0 || found.high < 0)).length;
    const share = (100 * alarms) / pairs;
    process.stdout.write(`   ${seconds} s, correlation ${phi}: ${share.toFixed(1)} % false alarms\n`);
    if (share > 5) holds = false;
  }
  return holds;
}
