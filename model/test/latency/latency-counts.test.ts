import { describe, expect, test } from '@jest/globals';
import { build } from 'hdr-histogram-js';
import { highestValue } from '../../latency/encoded-histogram.ts';
import { createHistogram, encodeHistogram } from '../../latency/histogram.ts';
import { addLatency, latencyCounts, meanUs, sumUs, totalOf } from '../../latency/latency-counts.ts';
import { recordUs } from './record-us.ts';

const recorded = (...values: number[]) => {
  const histogram = createHistogram();
  for (const each of values) recordUs(histogram, each);
  return latencyCounts(encodeHistogram(histogram));
};
const pairs = ({ indexes, counts }: ReturnType<typeof recorded>) =>
  [...indexes].map((index, position) => [highestValue(index), counts[position]]);

describe('counts of latency', () => {
  test('are those of the histogram, and adding them up is adding up the answers', () => {
    const [first, second] = [recorded(100, 100, 1500), recorded(7, 100, 3_000_000)];
    expect(pairs(first)).toEqual([
      [100, 2],
      [1500, 1],
    ]);
    expect(pairs(addLatency([first, second]))).toEqual(pairs(recorded(7, 100, 100, 100, 1500, 3_000_000)));
    expect(pairs(addLatency([second]))).toEqual(pairs(second));
  });

  test('have a total, a sum and a mean; none has no mean', () => {
    const both = recorded(100, 300);
    expect([totalOf(both), sumUs(both), meanUs(both)]).toEqual([2, 400, 200]);
    expect(pairs(addLatency([]))).toEqual([]);
    expect(meanUs(addLatency([]))).toBeUndefined();
  });

  test('a histogram of other precision is refused', () => {
    const coarse = build({ numberOfSignificantValueDigits: 2 });
    coarse.recordValue(100);
    expect(() => latencyCounts(encodeHistogram(coarse))).toThrow('its precision is not that of headroom');
  });
});
