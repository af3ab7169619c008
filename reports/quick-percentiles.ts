// Percentiles straight from an encoded histogram, without building it: five times as fast, and a day has 86,400 of them.
import { inflateSync } from 'node:zlib';
import { decodeHistogram } from '../model/histogram.ts';

/** Bytes before the compressed part, and before the counts in it: HdrHistogram's encoding V2. */
const cover = 8;
const header = 40;
/** 3 significant digits: 2048 sub-buckets, of which the upper half is used in every bucket but the first. */
const halfCount = 1024;

/** The value at each percentile (rising) in microseconds, as `getValueAtPercentile` gives it; undefined for an empty histogram. */
export function quickPercentiles(encoded: string, percentiles: readonly number[]): number[] | undefined {
  const bytes = inflateSync(Buffer.from(encoded, 'base64').subarray(cover));
  const digits = bytes.readInt32BE(12);
  const lowest = bytes.readBigInt64BE(16);
  if (digits !== 3 || lowest !== 1n) {
    const histogram = decodeHistogram(encoded);
    return histogram.totalCount === 0 ? undefined : percentiles.map((each) => histogram.getValueAtPercentile(each));
  }
  const { indexes, counts, length, total } = readCounts(bytes, header + bytes.readInt32BE(4));
  if (total === 0) return undefined;
  let position = -1;
  let reached = 0;
  return percentiles.map((percentile) => {
    const rank = Math.max(1, rankOf(percentile, total));
    while (reached < rank && position < length - 1) reached += counts[++position] as number;
    return highestValue(indexes[position] as number);
  });
}

type Counts = {
  readonly indexes: Uint32Array;
  readonly counts: Float64Array;
  readonly length: number;
  readonly total: number;
};

/** The buckets that are not empty. Counts are ZigZag LEB128: positive is a count, negative a run of so many empty buckets. */
function readCounts(bytes: Buffer, end: number): Counts {
  const indexes = new Uint32Array(end - header);
  const counts = new Float64Array(end - header);
  let length = 0;
  let total = 0;
  let index = 0;
  let offset = header;
  while (offset < end) {
    let byte = bytes[offset++] as number;
    let zigzag = byte & 0x7f;
    for (let scale = 128; byte & 0x80; scale *= 128) {
      byte = bytes[offset++] as number;
      zigzag += (byte & 0x7f) * scale;
    }
    if (zigzag % 2 === 1) index += (zigzag + 1) / 2;
    else {
      if (zigzag > 0) {
        indexes[length] = index;
        counts[length++] = zigzag / 2;
        total += zigzag / 2;
      }
      index++;
    }
  }
  return { indexes, counts, length, total };
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
