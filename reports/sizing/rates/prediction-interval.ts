// How far a predicted service demand may lie from what is measured later.
import type { Estimate } from '../../series/regression.ts';

/**
 * Share by which a prediction misses on quiet cores beyond what the blocks of its run show: other caches, other garbage, another number of
 * workers. To be set by `npm run bench -- calibration`; until that has run, an assumption.
 */
const modelError = 0.06;
/**
 * Of single loads without a speed check, slow spells included, against the median of many: down to 0.89 and up to 1.73 times the CPU of a request,
 * and medians of eight from 0.98 to 1.14 times (40 rounds on an otherwise idle machine).
 */
const ofSingle = { fastest: 0.89, slowest: 1.73 } as const;
const ofMany = { fastest: 0.95, slowest: 1.14 } as const;
/** Seconds of load in eight blocks of two. */
const manyS = 16;

/** Half the interval as a share of the value; 0 for a value of 0. */
export function halfWidth({ value, low, high }: Estimate): number {
  return value > 0 ? (high - low) / 2 / value : 0;
}

/** A demand from blocks with the errors combined in squares; both ends of the rate that follows lie as far from its value. */
export function fromBlocks(value: number, ...errors: readonly number[]): Estimate {
  const error = Math.min(0.9, Math.hypot(modelError, ...errors));
  return { value, low: value / (1 + error), high: value / (1 - error) };
}

/** A demand from samples of so many seconds of load: it may have been measured in a slow spell, or in a fast one. */
export function fromSamples({ value, low, high }: Estimate, loadS: number): Estimate {
  const { fastest, slowest } = loadS < manyS ? ofSingle : ofMany;
  return { value, low: Math.min(low, value / slowest), high: Math.max(high, value / fastest) };
}
