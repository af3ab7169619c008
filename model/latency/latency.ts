// Latency figures with the histogram that they were made from.

import { encodeHistogram, mergeHistograms, summarize } from './histogram.ts';
import type { Latency } from './latency-schema.ts';

/** Over encoded histograms, exactly as if they had been one; undefined when none has any latency. Absent ones are left out. */
export function latencyOf(encoded: Iterable<string | undefined>): Latency | undefined {
  const histogram = mergeHistograms([...encoded].filter((each) => each !== undefined));
  const summary = summarize(histogram);
  return summary && { ...summary, histogram: encodeHistogram(histogram) };
}
