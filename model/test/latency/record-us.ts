// Latencies as an own histogram of tests and benches: runs record theirs by latency-recorder.ts.
import type { Histogram } from '../../latency/histogram.ts';

/** One hour: what lasts longer is recorded as one hour. */
const highestUs = 3_600_000_000;

/** Records one latency in microseconds; fractions are rounded, so that means stay unbiased. */
export function recordUs(histogram: Histogram, latencyUs: number): void {
  histogram.recordValue(latencyUs >= highestUs ? highestUs : latencyUs <= 0 ? 0 : Math.round(latencyUs));
}
