// Percentiles directly from encoded histograms, without building them: five times as fast, and a day has 86,400 of them.
import { type EncodedCounts, highestValue, readEncoded } from './encoded-histogram.ts';
import { decodeHistogram, mergeHistograms } from './histogram.ts';
import { addLatency } from './latency-counts.ts';

/** The value at each percentile (rising) in microseconds, as `getValueAtPercentile` gives it, of all histograms as one; undefined for nothing. */
export function quickPercentiles(encoded: readonly string[], percentiles: readonly number[]): number[] | undefined {
  const read = encoded.map(readEncoded);
  const ours = read.filter((each) => each !== undefined);
  if (ours.length < read.length) {
    // A merge has our precision; one alone keeps its own.
    const histogram = encoded.length === 1 ? decodeHistogram(encoded[0] as string) : mergeHistograms(encoded);
    return histogram.totalCount === 0 ? undefined : percentiles.map((each) => histogram.getValueAtPercentile(each));
  }
  const { indexes, counts } = ours.length === 1 ? (ours[0] as EncodedCounts) : addLatency(ours);
  const total = ours.reduce((sum, each) => sum + each.total, 0);
  if (total === 0) return undefined;
  let position = -1;
  let reached = 0;
  return percentiles.map((percentile) => {
    const rank = Math.max(1, rankOf(percentile, total));
    while (reached < rank && position < counts.length - 1) reached += counts[++position] as number;
    return highestValue(indexes[position] as number);
  });
}

/** Rounded up, but not for the last bit of a floating-point product that is a whole number but for it. */
function rankOf(percentile: number, total: number): number {
  const exact = (Math.min(percentile, 100) / 100) * total;
  return Math.ceil(exact - Number.EPSILON * 2 ** Math.floor(Math.log2(exact)));
}
