import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createHistogram, decodeHistogram, encodeHistogram, mergeHistograms } from '../../latency/histogram.ts';
import { LatencyRecorder } from '../../latency/latency-recorder.ts';
import { recordUs } from './record-us.ts';

const summary = (encoded: string) => {
  const histogram = decodeHistogram(encoded);
  return [1, 25, 50, 90, 99, 99.9, 100].map((each) => histogram.getValueAtPercentile(each));
};

describe('LatencyRecorder', () => {
  test('encodes what HdrHistogram encodes, for whatever latencies', () => {
    const latency = fc.oneof(
      fc.double({ min: -1, max: 5000, noNaN: true }),
      fc.double({ min: 0, max: 5e9, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(latency, { minLength: 1, maxLength: 200 }), (latencies) => {
        const recorder = new LatencyRecorder();
        const histogram = createHistogram();
        for (const each of latencies) {
          recorder.record(each);
          recordUs(histogram, each);
        }
        const encoded = recorder.encode() as string;
        expect(summary(encoded)).toEqual(summary(encodeHistogram(histogram)));
        expect(decodeHistogram(encoded).totalCount).toBe(latencies.length);
        expect(mergeHistograms([encoded]).totalCount).toBe(latencies.length);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('is absent when empty, again after a reset, and keeps nothing from before it', () => {
    const recorder = new LatencyRecorder();
    expect(recorder.encode()).toBeUndefined();
    recorder.record(100);
    recorder.record(90_000);
    recorder.reset();
    expect(recorder.encode()).toBeUndefined();
    recorder.record(5);
    expect(summary(recorder.encode() as string)).toEqual([5, 5, 5, 5, 5, 5, 5]);
  });

  test('counts beyond one byte', () => {
    const recorder = new LatencyRecorder();
    for (let i = 0; i < 100_000; i++) recorder.record(777);
    expect(decodeHistogram(recorder.encode() as string).totalCount).toBe(100_000);
  });
});
