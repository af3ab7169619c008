import type { SeriesSummary } from '../../../model/observed.ts';

/** Collects samples into their minimum, maximum and time-weighted mean. `result` throws before the first sample. */
export function createSummary() {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  let weighted = 0;
  let weightS = 0;
  let samples = 0;
  return {
    add(value: number, intervalS: number): void {
      min = Math.min(min, value);
      max = Math.max(max, value);
      weighted += value * intervalS;
      weightS += intervalS;
      samples++;
    },
    result(): SeriesSummary {
      if (samples === 0) throw new Error('a summary of no samples');
      return { min, max, avg: weighted / weightS, samples };
    },
  };
}
