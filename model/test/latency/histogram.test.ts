import { deflateSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  createHistogram,
  decodeHistogram,
  encodeHistogram,
  mergeHistograms,
  summarize,
} from '../../latency/histogram.ts';
import { quickPercentiles } from '../../latency/quick-percentiles.ts';
import { recordUs } from './record-us.ts';

function filled(values: readonly number[]) {
  const histogram = createHistogram();
  for (const value of values) recordUs(histogram, value);
  return histogram;
}

const quickMean = (encoded: string) => quickPercentiles([encoded], [50]);

/** As it stands in a record: 8 bytes, then the compressed part. */
function packed(bytes: Buffer): string {
  const compressed = deflateSync(bytes);
  const cover = Buffer.alloc(8);
  cover.writeInt32BE(0x1c849314, 0);
  cover.writeInt32BE(compressed.length, 4);
  return Buffer.concat([cover, compressed]).toString('base64');
}

/** The header of an empty histogram, with changes. */
function made({ cookie = 0x1c849303, length = 0, digits = 3, lowest = 1n, highest = 3_600_000_000n }): Buffer {
  const bytes = Buffer.alloc(40);
  bytes.writeInt32BE(cookie, 0);
  bytes.writeInt32BE(length, 4);
  bytes.writeInt32BE(digits, 12);
  bytes.writeBigInt64BE(lowest, 16);
  bytes.writeBigInt64BE(highest, 24);
  bytes.writeDoubleBE(1, 32);
  return bytes;
}

describe('histogram', () => {
  test('percentiles of 1 to 1000 µs are exact to 3 digits', () => {
    const values = Array.from({ length: 1000 }, (_, index) => index + 1);
    expect(summarize(filled(values))).toEqual({
      p50: 500,
      p90: 900,
      p95: 950,
      p99: 990,
      p999: 999,
      max: 1000,
      mean: 500.5,
      count: 1000,
    });
  });

  test('every percentile is within 0.1 % of the sorted values, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 3_600_000_000 }), { minLength: 1, maxLength: 300 }), (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        const histogram = filled(values);
        for (const percentile of [50, 90, 95, 99, 99.9]) {
          const exact = sorted[Math.max(1, Math.ceil((percentile / 100) * sorted.length - 1e-9)) - 1] as number;
          expect(Math.abs(histogram.getValueAtPercentile(percentile) - exact)).toBeLessThanOrEqual(exact * 0.001 + 1);
        }
      }),
    );
  });

  test('nothing recorded is no summary, not zeros', () => {
    expect(summarize(createHistogram())).toBeUndefined();
  });

  test('a fast answer is kept in microseconds', () => {
    expect(summarize(filled([60.4, 61.6]))).toMatchObject({ max: 62, mean: 61 });
  });

  test('what lasts longer than an hour is recorded as an hour', () => {
    expect(summarize(filled([9e9]))?.max).toBeGreaterThanOrEqual(3.596e9);
  });

  test('encoding and decoding loses nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3_600_000_000 }), { maxLength: 200 }), (values) => {
        const original = filled(values);
        expect(summarize(decodeHistogram(encodeHistogram(original)))).toEqual(summarize(original));
      }),
      { numRuns: 50 },
    );
  });

  test.each([
    ['no base64', 'no histogram!'],
    ['nothing', ''],
    ['a few bytes', packed(Buffer.alloc(10))],
    ['a payload of 2^31 bytes', packed(made({ length: 2 ** 31 - 1 }))],
    ['a negative payload', packed(made({ length: -5 }))],
    ['a precision of 100 digits', packed(made({ digits: 100 }))],
    ['a highest value of 2^63', packed(made({ highest: 2n ** 63n - 1n }))],
    ['a unit of 0', packed(made({ lowest: 0n, digits: 2 }))],
    ['bytes of another format', packed(made({ cookie: 0, digits: 2 }))],
    ['a gigabyte of zeros in a megabyte', packed(Buffer.alloc(2 ** 28))],
    ['a count that never ends', packed(Buffer.concat([made({ length: 2000 }), Buffer.alloc(2000, 0xff)]))],
  ])('%s in its place is refused at once, in a sentence', (_, encoded) => {
    for (const read of [decodeHistogram, quickMean, (each: string) => mergeHistograms([each])])
      expect(() => read(encoded)).toThrow(/^A latency histogram of the run is damaged \(.+\)\. Use an undamaged copy/);
  });

  test('merging parts is the same as recording all in one', () => {
    const parts = [[10, 20, 30_000], [5], [], [1_000_000, 20]];
    expect(summarize(mergeHistograms(parts.map((part) => encodeHistogram(filled(part)))))).toEqual(
      summarize(filled(parts.flat())),
    );
  });
});
