// Reads an encoded histogram (HdrHistogram V2) without building one: of merged shards there are hundreds of thousands, and building them was
// most of the time that their report took.
import { inflateSync } from 'node:zlib';
import { UserError } from '../user-error.ts';

/** Bytes before the compressed part, and before the counts in it. */
const cover = 8;
const header = 40;
/** A histogram of 5 digits up to 2^53 microseconds has 6 million buckets of mostly one byte. */
const mostBytes = 16 * 1024 ** 2;
/** Node takes 16 KiB for each by itself; a second's histogram is one or two. */
const inflateOptions = { chunkSize: 2048, maxOutputLength: mostBytes };
/** 3 significant digits: 2048 sub-buckets, of which the upper half is used in every bucket but the first. */
const halfCount = 1024;

/** More buckets than 2^53 microseconds come to. */
const mostBuckets = 1 << 16;

export type EncodedCounts = {
  /** The buckets that are not empty, rising; `highestValue` of one is the latency in microseconds. */
  readonly indexes: Uint32Array;
  /** How many values each of them holds. Not 32 bits: a day of a fast server has more in one bucket. */
  readonly counts: Float64Array;
  readonly total: number;
};

/** The buckets of a histogram with our own precision; undefined for one with another. Throws a UserError on text that is no encoded histogram. */
export function readEncoded(encoded: string): EncodedCounts | undefined {
  if (last?.encoded !== encoded) last = { encoded, read: read(encoded) };
  return last.read;
}

/** The last one: who wants percentiles and buckets of a second asks for them one after the other. */
let last: { readonly encoded: string; readonly read: EncodedCounts | undefined } | undefined;

function read(encoded: string): EncodedCounts | undefined {
  const bytes = inflated(encoded);
  const digits = bytes.readInt32BE(12);
  const end = header + bytes.readInt32BE(4);
  if (end > bytes.length || end < header) throw damaged('its length is wrong');
  const [lowest, highest] = [bytes.readBigInt64BE(16), bytes.readBigInt64BE(24)];
  if (digits < 1 || digits > 5 || lowest < 1 || highest < 2n * lowest || highest > Number.MAX_SAFE_INTEGER)
    throw damaged('its precision is wrong');
  if (digits !== 3 || lowest !== 1n) return undefined;
  return readCounts(bytes, end);
}

/** A few kilobytes may unpack to gigabytes: what is larger than any histogram is none. */
function inflated(encoded: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = inflateSync(Buffer.from(encoded, 'base64').subarray(cover), inflateOptions);
  } catch (cause) {
    throw damaged((cause as Error).message);
  }
  if (bytes.length < header) throw damaged('it is too short');
  return bytes;
}

/** An error about a histogram; `why` is a clause. */
export function damaged(why: string): UserError {
  return new UserError(`A latency histogram of the run is damaged (${why}). Use an undamaged copy of the run folder`);
}

/** The highest value that falls into a bucket, in microseconds. */
export function highestValue(index: number): number {
  if (index < halfCount) return index;
  const size = sizes[(index >> 10) - 1] as number;
  return ((index & (halfCount - 1)) + halfCount + 1) * size - 1;
}

/** Microseconds to a bucket, by the thousand. */
const sizes = Float64Array.from({ length: mostBuckets / halfCount }, (_, power) => 2 ** power);

const found = { indexes: new Uint32Array(mostBuckets), counts: new Float64Array(mostBuckets) };

/** Counts are ZigZag LEB128: positive is a count, negative a run of so many empty buckets. */
function readCounts(bytes: Buffer, end: number): EncodedCounts {
  let filled = 0;
  let total = 0;
  let index = 0;
  let offset = header;
  while (offset < end) {
    const first = bytes[offset++] as number;
    // The lowest bit is the sign; the six above it, and seven of each further byte, are the number.
    let half = (first & 0x7f) >> 1;
    let byte = first;
    for (let scale = 64; byte & 0x80; scale *= 128) {
      if (scale > Number.MAX_SAFE_INTEGER) throw damaged('a count is too large');
      byte = bytes[offset++] ?? 0;
      half += (byte & 0x7f) * scale;
    }
    if (first & 1) index += half + 1;
    else {
      if (half > 0) {
        if (index >= mostBuckets) throw damaged('it has too many buckets');
        found.indexes[filled] = index;
        found.counts[filled++] = half;
        total += half;
      }
      index++;
    }
  }
  return { indexes: found.indexes.slice(0, filled), counts: found.counts.slice(0, filled), total };
}
