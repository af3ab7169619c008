// Counts latencies one by one into an array, without an object for any of them, and encodes the counts as other histograms are.
import { deflateSync } from 'node:zlib';

/** One hour: what lasts longer is recorded as one hour. */
const highestUs = 3_600_000_000;

/** Buckets of 3 significant digits up to there: 1,024 for each power of two above 2,048 us, and 2,048 below. */
const buckets = 23 * 1024;

/** HdrHistogram V2, and the same compressed. */
const cookie = 0x1c849303 | 0x10;
const compressedCookie = 0x1c849304 | 0x10;
const headerBytes = 40;

export class LatencyRecorder {
  #counts = new Uint32Array(buckets);
  #lowest = buckets;
  #highest = -1;
  total = 0;

  /** Records one latency in microseconds; fractions are rounded, so that means stay unbiased. */
  record(latencyUs: number): void {
    const us = latencyUs >= highestUs ? highestUs : latencyUs > 0 ? Math.round(latencyUs) : 0;
    const power = us < 2048 ? 0 : 21 - Math.clz32(us);
    const bucket = (power << 10) + (us >>> power);
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.total++;
    if (bucket < this.#lowest) this.#lowest = bucket;
    if (bucket > this.#highest) this.#highest = bucket;
  }

  /** Base64 of the compressed V2 encoding, as `encodeHistogram` gives it; undefined when nothing was recorded. */
  encode(): string | undefined {
    if (this.total === 0) return undefined;
    const compressed = deflateSync(this.#payload());
    const cover = Buffer.alloc(8);
    cover.writeUInt32BE(compressedCookie, 0);
    cover.writeUInt32BE(compressed.length, 4);
    return Buffer.concat([cover, compressed]).toString('base64');
  }

  reset(): void {
    if (this.#highest >= 0) this.#counts.fill(0, this.#lowest, this.#highest + 1);
    this.#lowest = buckets;
    this.#highest = -1;
    this.total = 0;
  }

  /** Counts as ZigZag LEB128, a run of empty buckets as its negative length. */
  #payload(): Buffer {
    const out = Buffer.alloc(headerBytes + 5 * (this.#highest - this.#lowest + 2));
    let end = this.#lowest > 0 ? writeVarint(out, headerBytes, 2 * this.#lowest - 1) : headerBytes;
    for (let bucket = this.#lowest; bucket <= this.#highest; ) {
      const from = bucket;
      while (this.#counts[bucket] === 0) bucket++;
      end = writeVarint(out, end, bucket > from ? 2 * (bucket - from) - 1 : 2 * (this.#counts[bucket++] as number));
    }
    out.writeUInt32BE(cookie, 0);
    out.writeUInt32BE(end - headerBytes, 4);
    out.writeUInt32BE(3, 12);
    out.writeBigUInt64BE(1n, 16);
    out.writeBigUInt64BE(BigInt(highestUs), 24);
    out.writeDoubleBE(1, 32);
    return out.subarray(0, end);
  }
}

/** Seven bits a byte, the lowest first; returns where the next one goes. */
function writeVarint(out: Buffer, at: number, value: number): number {
  let rest = value;
  let next = at;
  while (rest >= 128) {
    out[next++] = (rest % 128) | 128;
    rest = Math.floor(rest / 128);
  }
  out[next++] = rest;
  return next;
}
