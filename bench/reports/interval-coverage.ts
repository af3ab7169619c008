// How often the interval of a difference leaves out the truth, for two runs that differ by nothing. Seconds of a run lean on each other.
import { difference, series } from '../../reports/test/series/leaning-series.ts';
import { print } from '../rounds.ts';

const pairs = 400;

export const claim = 'the 95 % interval of a difference leaves 0 out in at most 5 % of 400 pairs of alike runs';

/** Prints the share of false alarms by length and correlation of the runs. */
export async function run(): Promise<boolean> {
  let holds = true;
  for (const [seconds, phi] of [
    [30, 0],
    [60, 0.5],
    [120, 0.8],
  ] as const) {
    const alarms = Array.from({ length: pairs }, (_, pair) =>
      difference(series(2 * pair, seconds, phi), series(2 * pair + 1, seconds, phi), pair),
    ).filter((found) => found !== undefined && (found.low > 0 || found.high < 0)).length;
    const share = (100 * alarms) / pairs;
    print(`${seconds} s, correlation ${phi}: ${share.toFixed(1)} % false alarms`);
    if (share > 5) holds = false;
  }
  return holds;
}
