// Where the warm-up of a stage ends.
import { modelFinding } from '../messages.ts';
import type { StageRecord } from './stage-record.ts';

export type SteadyState = NonNullable<StageRecord['steady']>;

const batchS = 5;
/** Fewer batches say nothing about a trend: the rule needs a second half to compare with. */
const fewestBatches = 6;
/** Shorter series are not judged. */
export const shortestToSettleS = batchS * fewestBatches;
/** The last batches are never candidates: with few left, their own mean fits them by chance. */
const lastBatches = 2;

/**
 * The warm-up of a series of one value per second by MSER-5 (White, Cobb & Spratt 2000): of the cuts d between batches of five, the
 * one that minimises sum over j > d of (Z_j - mean_d)^2 / (k - d)^2. A cut in the second half means that there are too few data.
 * A second may be undefined (no answer has no latency): it takes its place in time and no part in the sums.
 */
export function steadyState(series: readonly (number | undefined)[]): SteadyState {
  const batches = Array.from({ length: Math.floor(series.length / batchS) }, (_, batch) =>
    known(series.slice(batch * batchS, (batch + 1) * batchS)),
  ).map((values) => (values.length === 0 ? undefined : mean(values)));
  const count = batches.length;
  if (known(batches).length < fewestBatches) {
    const figures = { durationS: series.length, neededS: shortestToSettleS };
    const reason =
      count < fewestBatches
        ? modelFinding('stage-too-short', figures)
        : modelFinding('too-few-answered-seconds', { answeredS: known(series).length, ...figures });
    return { cutS: 0, method: 'none', reason, steady: true };
  }
  let best = { cut: 0, value: Number.POSITIVE_INFINITY };
  for (let cut = 0; cut < count - lastBatches; cut++) {
    const rest = known(batches.slice(cut));
    if (rest.length <= lastBatches) break;
    const middle = mean(rest);
    const value = rest.reduce((sum, each) => sum + (each - middle) ** 2, 0) / rest.length ** 2;
    if (value < best.value) best = { cut, value };
  }
  if (best.cut > count / 2) {
    return { cutS: 0, method: 'none', reason: modelFinding('not-settled'), steady: false };
  }
  const cutS = best.cut * batchS;
  const reason = cutS === 0 ? modelFinding('no-warm-up') : modelFinding('warm-up-cut', { cutS });
  return { cutS, method: 'mser-5', reason, steady: true };
}

/** A cut that the profile asked for. */
export function fixedCut(cutS: number): SteadyState {
  return { cutS, method: 'fixed', reason: modelFinding('cut-by-profile', { cutS }), steady: true };
}

function known(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
