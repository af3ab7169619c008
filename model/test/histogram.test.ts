import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  createHistogram,
  decodeHistogram,
  encodeHistogram,
  mergeHistograms,
  recordUs,
  summarize,
} from '../histogram.ts';

function filled(values: readonly number[]) {
  const histogram = createHistogram();
  for (const value of values) recordUs(histogram, value);
  return histogram;
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

  test('merging parts is the same as recording all in one', () => {
    const parts = [[10, 20, 30_000], [5], [], [1_000_000, 20]];
    expect(summarize(mergeHistograms(parts.map((part) => encodeHistogram(filled(part)))))).toEqual(
      summarize(filled(parts.flat())),
    );
  });
});
