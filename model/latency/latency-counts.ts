// Counts of latency, bucket by bucket of our own histograms: as exact as these, and added up without building one.
import { damaged, type EncodedCounts, highestValue, readEncoded } from './encoded-histogram.ts';

/** Bucket by bucket, rising; without those that are empty. */
export type LatencyCounts = Omit<EncodedCounts, 'total'>;

/** Of one of our own 3-digit histograms; throws on another. */
export function latencyCounts(encoded: string): LatencyCounts {
  const read = readEncoded(encoded);
  if (!read) throw damaged('its precision is not that of headroom');
  // Shared with whoever asks for the same histogram next: read only.
  return read;
}

/** All of them as one. A single one is returned itself: do not write into the result. */
export function addLatency(parts: readonly LatencyCounts[]): LatencyCounts {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const least = parts.reduce((lowest, { indexes }) => Math.min(lowest, indexes[0] ?? lowest), Number.POSITIVE_INFINITY);
  const most = parts.reduce((highest, { indexes }) => Math.max(highest, indexes.at(-1) ?? -1), -1);
  if (most < 0) return { indexes: new Uint32Array(0), counts: new Float64Array(0) };
  const sums = new Float64Array(most - least + 1);
  let filled = 0;
  for (const { indexes, counts } of parts) {
    for (let position = 0; position < indexes.length; position++) {
      const at = (indexes[position] as number) - least;
      const before = sums[at] as number;
      if (before === 0) filled++;
      sums[at] = before + (counts[position] as number);
    }
  }
  const indexes = new Uint32Array(filled);
  const counts = new Float64Array(filled);
  for (let at = 0, position = 0; position < filled; at++) {
    const count = sums[at] as number;
    if (count === 0) continue;
    indexes[position] = at + least;
    counts[position++] = count;
  }
  return { indexes, counts };
}

/** How many there are in all. */
export function totalOf({ counts }: LatencyCounts): number {
  let total = 0;
  for (let position = 0; position < counts.length; position++) total += counts[position] as number;
  return total;
}

/** Sum of all latencies, in microseconds. */
export function sumUs({ indexes, counts }: LatencyCounts): number {
  let sum = 0;
  for (let position = 0; position < counts.length; position++)
    sum += highestValue(indexes[position] as number) * (counts[position] as number);
  return sum;
}

/** In microseconds; undefined when there is none. */
export function meanUs(latency: LatencyCounts): number | undefined {
  const total = totalOf(latency);
  return total === 0 ? undefined : sumUs(latency) / total;
}
