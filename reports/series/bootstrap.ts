// Moving-block bootstrap: how far a figure of a run may be off by chance, when its seconds are not independent.
// Kuensch, The jackknife and the bootstrap for general stationary observations, Annals of Statistics 17 (1989).
import { type Estimate, studentT95 } from './regression.ts';

/** One stage's seconds: how many there are, and a figure for each that shows how they depend on each other. */
export type Stratum = { readonly series: readonly number[] };

/** How often each second of each stage was drawn. */
export type Weights = readonly Float64Array[];

const draws = 1000;
/** Fewer do not show their own spread. */
export const fewestSeconds = 8;
/** Chosen by trial, so that alike AR(1) series of 30 to 120 seconds give no more than 5 false alarms in 100 pairs (see the test). */
const calibration = 1.3;

/**
 * The 95 % interval of `statistic` over two runs (or one), each resampled on its own, block by block within its stages. Short series make
 * the draws too alike: blocks cut the dependence at their ends, and few independent seconds show little of their own spread. Both are made
 * up for as if a second depended on the one before it alone (AR(1)). Undefined when the statistic is, or with fewer than eight seconds.
 */
export function bootstrapInterval(
  runs: readonly (readonly Stratum[])[],
  statistic: (weights: readonly Weights[]) => number | undefined,
  seed = 1,
): Estimate | undefined {
  const seconds = runs.map((strata) => strata.reduce((sum, { series }) => sum + series.length, 0));
  if (seconds.length === 0 || Math.min(...seconds) < fewestSeconds) return undefined;
  const value = statistic(runs.map((strata) => strata.map(({ series }) => new Float64Array(series.length).fill(1))));
  if (value === undefined) return undefined;

  const random = mulberry32(seed);
  const lengths = runs.map((strata) => strata.map(({ series }) => blockLength(series)));
  const found: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const drawn = statistic(
      runs.map((strata, run) =>
        strata.map(({ series }, at) => drawBlocks(series.length, lengths[run]?.[at] ?? 1, random)),
      ),
    );
    if (drawn !== undefined) found.push(drawn);
  }
  if (found.length < draws / 2) return undefined;
  const sorted = Float64Array.from(found).sort();
  const mean = found.reduce((sum, each) => sum + each, 0) / found.length;
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] as number;
  const widen = makeUpFor(runs);
  return { value, low: value + (at(0.025) - mean) * widen, high: value + (at(0.975) - mean) * widen };
}

/** How much wider than the spread of the draws the interval must be. */
function makeUpFor(runs: readonly (readonly Stratum[])[]): number {
  const parts = runs.flat().map(({ series }) => {
    const n = series.length;
    const one = autocorrelation(series, 1);
    // Kendall, Note on bias in the estimation of autocorrelation, Biometrika 41 (1954).
    const phi = n > 4 ? Math.min(0.97, Math.max(0, (one + 1 / n) / (1 - 3 / n))) : 0;
    const whole = varianceFactor(phi, n);
    return { n, missed: whole / varianceFactor(phi, blockLength(series)), independent: n / whole };
  });
  const n = parts.reduce((sum, part) => sum + part.n, 0);
  const missed = parts.reduce((sum, part) => sum + part.missed * part.n, 0) / n;
  const independent = parts.reduce((sum, part) => sum + part.independent, 0);
  const degrees = Math.max(1, Math.floor(independent - parts.length));
  const short = Math.sqrt((missed * independent) / Math.max(1, independent - parts.length));
  return (calibration * short * studentT95(degrees)) / 1.96;
}

/** By how much the variance of a mean of n is above that of n independent values, in an AR(1) series. */
function varianceFactor(phi: number, n: number): number {
  let sum = 1;
  for (let lag = 1; lag < n; lag++) sum += 2 * (1 - lag / n) * phi ** lag;
  return sum;
}

/**
 * Seconds to a block: twice the lag at which the autocorrelation is lost in noise (below 2 / sqrt n), at least the cube root of n (its best
 * growth for a variance: Hall, Horowitz and Jing, Biometrika 82 (1995)), at most a quarter of n.
 */
export function blockLength(series: readonly number[]): number {
  const n = series.length;
  const most = Math.max(1, Math.floor(n / 4));
  const noise = 2 / Math.sqrt(n);
  let lag = 1;
  while (lag < most && autocorrelation(series, lag) > noise) lag++;
  return Math.max(1, Math.min(most, Math.max(Math.ceil(n ** (1 / 3)), 2 * (lag - 1))));
}

/** Of values `lag` apart; 0 for a series that never changes. */
function autocorrelation(series: readonly number[], lag: number): number {
  const mean = series.reduce((sum, value) => sum + value, 0) / Math.max(1, series.length);
  let variance = 0;
  let together = 0;
  series.forEach((value, index) => {
    variance += (value - mean) ** 2;
    const later = series[index + lag];
    if (later !== undefined) together += (value - mean) * (later - mean);
  });
  return variance > 0 ? together / variance : 0;
}

/** Blocks from random places, end to end until there are n seconds; the row is a ring, so every second is drawn as often as any other. */
function drawBlocks(n: number, length: number, random: () => number): Float64Array {
  const weights = new Float64Array(n);
  for (let filled = 0; filled < n; ) {
    const from = Math.floor(random() * n);
    for (let step = 0; step < length && filled < n; step++, filled++) {
      const at = (from + step) % n;
      weights[at] = (weights[at] ?? 0) + 1;
    }
  }
  return weights;
}

/** Tommy Ettinger's Mulberry32: reproducible, and good for a thousand draws. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
