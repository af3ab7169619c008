import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { build } from 'hdr-histogram-js';
import { createHistogram, encodeHistogram, mergeHistograms } from '../../latency/histogram.ts';
import { quickPercentiles } from '../../latency/quick-percentiles.ts';
import { recordUs } from './record-us.ts';

const percentiles = [0.1, 1, 50, 90, 95, 99, 99.9, 100];

describe('quickPercentiles', () => {
  test('gives what the library gives, for any latencies', () => {
    const latencies = fc.array(
      fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 3_600_000_000 })),
      { minLength: 1, maxLength: 400 },
    );
    fc.assert(
      fc.property(latencies, (values) => {
        const histogram = createHistogram();
        for (const value of values) recordUs(histogram, value);
        expect(quickPercentiles([encodeHistogram(histogram)], percentiles)).toEqual(
          percentiles.map((each) => histogram.getValueAtPercentile(each)),
        );
      }),
    );
  });

  test('of several is what the library gives for their sum, exactly', () => {
    const parts = fc.array(fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 60 }), {
      minLength: 2,
      maxLength: 8,
    });
    fc.assert(
      fc.property(parts, (lists) => {
        const whole = createHistogram();
        const encoded = lists.map((values) => {
          const part = createHistogram();
          for (const value of values) recordUs(part, value);
          whole.add(part);
          return encodeHistogram(part);
        });
        const expected =
          whole.totalCount === 0 ? undefined : percentiles.map((each) => whole.getValueAtPercentile(each));
        expect(quickPercentiles(encoded, percentiles)).toEqual(expected);
        expect(encodeHistogram(mergeHistograms(encoded))).toBe(encodeHistogram(whole));
      }),
    );
  });

  test('of one bucket with a great many answers', () => {
    const histogram = createHistogram();
    histogram.recordValueWithCount(777, 2_000_000_000);
    expect(quickPercentiles([encodeHistogram(histogram)], [50, 99])).toEqual([777, 777]);
  });

  test('of nothing is nothing', () => {
    expect(quickPercentiles([encodeHistogram(createHistogram())], percentiles)).toBeUndefined();
  });

  test('of another precision goes the long way', () => {
    const coarse = build({ lowestDiscernibleValue: 1, highestTrackableValue: 1e6, numberOfSignificantValueDigits: 2 });
    for (let value = 1; value <= 10_000; value++) coarse.recordValue(value);
    expect(quickPercentiles([encodeHistogram(coarse)], percentiles)).toEqual(
      percentiles.map((each) => coarse.getValueAtPercentile(each)),
    );
  });

  test('text that is no histogram throws', () => {
    expect(() => quickPercentiles(['not a histogram'], [50])).toThrow();
  });
});
