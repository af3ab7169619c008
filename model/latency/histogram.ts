// Latency histograms in whole microseconds: HdrHistogram with 3 significant digits, so every figure is within 0.1 %.
import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram as HdrHistogram,
} from 'hdr-histogram-js';
import { damaged, highestValue, readEncoded } from './encoded-histogram.ts';
import type { Latency } from './latency-schema.ts';

/** One hour: what lasts longer is recorded as one hour. */
const highestUs = 3_600_000_000;

export type Histogram = HdrHistogram;

/** The percentiles of every record; all in microseconds but `count`. */
export type LatencySummary = Omit<Latency, 'histogram'>;

/** An empty histogram of microseconds. */
export function createHistogram(): Histogram {
  return build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestUs,
    numberOfSignificantValueDigits: 3,
    bitBucketSize: 32,
  });
}

/** Base64 of the compressed V2 encoding that every HdrHistogram library reads. */
export function encodeHistogram(histogram: Histogram): string {
  return encodeIntoCompressedBase64(histogram);
}

/** The reverse of `encodeHistogram`; throws a UserError on text that is not an encoded histogram. */
export function decodeHistogram(encoded: string): Histogram {
  // Looks at its size and its header: the library would build whatever they say.
  readEncoded(encoded);
  try {
    return decodeFromCompressedBase64(encoded, 32);
  } catch (cause) {
    throw damaged((cause as Error).message);
  }
}

/** Adds the counts of the encoded histograms, bucket by bucket: exact, whatever was recorded where. */
export function mergeHistograms(encoded: Iterable<string>): Histogram {
  const merged = createHistogram();
  for (const each of encoded) {
    const read = readEncoded(each);
    if (!read) merged.add(decodeHistogram(each));
    read?.indexes.forEach((index, position) => {
      merged.recordValueWithCount(highestValue(index), read.counts[position] as number);
    });
  }
  return merged;
}

/** The figures of a histogram, or undefined when nothing was recorded: an absent latency is absent, not 0. */
export function summarize(histogram: Histogram): LatencySummary | undefined {
  if (histogram.totalCount === 0) return undefined;
  const at = (percentile: number) => histogram.getValueAtPercentile(percentile);
  return {
    p50: at(50),
    p90: at(90),
    p95: at(95),
    p99: at(99),
    p999: at(99.9),
    // Not maxValue: that does not survive encoding, and a figure must not depend on the way it came.
    max: at(100),
    mean: histogram.mean,
    count: histogram.totalCount,
  };
}
