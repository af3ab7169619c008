// Percentiles straight from an encoded histogram, without building it: five times as fast, and a day has 86,400 of them.
import { inflateSync } from 'node:zlib';
import { decodeHistogram } from './histogram.ts';

/** Bytes before the compressed part, and before the counts in it: HdrHistogram's encoding V2. */
const cover = 8;
const header = 40;
/** Node takes 16 KiB for each by itself; a second's histogram is one or two. */
const inflateOptions = { chunkSize: 2048 };
/** 3 significant digits: 2048 sub-buckets, of which the upper half is used in every bucket but the first. */
const halfCount = 1024;

/** The value at each percentile (rising) in microseconds, as `getValueAtPercentile` gives it; undefined for an empty histogram. */
export function quickPercentiles(encoded: string, percentiles: readonly number[]): number[] | undefined {
  const bytes = inflate(encoded);
  const digits = bytes.readInt32BE(12);
  const lowest = bytes.readBigInt64BE(16);
  if (digits !== 3 || lowest !== 1n) {
    const histogram = decodeHistogram(encoded);
    return histogram.totalCount === 0 ? undefined : percentiles.map((each) => histogram.getValueAtPercentile(each));
  }
  const { indexes, counts, total } = readCounts(bytes, header + bytes.readInt32BE(4));
  if (total === 0) return undefined;
  let position = -1;
  let reached = 0;
  return percentiles.map((percentile) => {
    const rank = Math.max(1, rankOf(percentile, total));
    while (reached < rank && position < counts.length - 1) reached += counts[++position] as number;
    return highestValue(indexes[position] as number);
  });
}

/** The values (the highest of each bucket, in microseconds) and how often each was recorded, rising; of our own 3-digit histograms. */
export function latencyBuckets(encoded: string): readonly (readonly [number, number])[] {
  const bytes = inflate(encoded);
  if (bytes.readInt32BE(12) !== 3 || bytes.readBigInt64BE(16) !== 1n) throw new Error('not a histogram of ours');
  const { indexes, counts } = readCounts(bytes, header + bytes.readInt32BE(4));
  return indexes.map((index, position) => [highestValue(index), counts[position] as number] as const);
}

/** The last one: who wants percentiles and buckets of a second asks for them one after the other. */
let last: { readonly encoded: string; readonly bytes: Buffer } | undefined;

function inflate(encoded: string): Buffer {
  if (last?.encoded !== encoded)
    last = { encoded, bytes: inflateSync(Buffer.from(encoded, 'base64').subarray(cover), inflateOptions) };
  return last.bytes;
}

type Counts = {
  readonly indexes: readonly number[];
  readonly counts: readonly number[];
  readonly total: number;
};

/** The buckets that are not empty. Counts are ZigZag LEB128: positive is a count, negative a run of so many empty buckets. */
function readCounts(bytes: Buffer, end: number): Counts {
  const indexes: number[] = [];
  const counts: number[] = [];
  let total = 0;
  let index = 0;
  let offset = header;
  while (offset < end) {
    const first = bytes[offset++] as number;
    // The lowest bit is the sign; the six above it, and seven of each further byte, are the number.
    let half = (first & 0x7f) >> 1;
    let byte = first;
    for (let scale = 64; byte & 0x80; scale *= 128) {
      byte = bytes[offset++] as number;
      half += (byte & 0x7f) * scale;
    }
    if (first & 1) index += half + 1;
    else {
      if (half > 0) {
        indexes.push(index);
        counts.push(half);
        total += half;
      }
      index++;
    }
  }
  return { indexes, counts, total };
}

/** Rounded up, but not for the last bit of a floating-point product that is a whole number but for it. */
function rankOf(percentile: number, total: number): number {
  const exact = (Math.min(percentile, 100) / 100) * total;
  return Math.ceil(exact - Number.EPSILON * 2 ** Math.floor(Math.log2(exact)));
}

function highestValue(index: number): number {
  const bucket = Math.floor(index / halfCount) - 1;
  if (bucket < 0) return index;
  const size = 2 ** bucket;
  return ((index % halfCount) + halfCount) * size + size - 1;
}
