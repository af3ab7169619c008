import { describe, expect, test } from '@jest/globals';
import type { StageRecord } from '../../model/run-record.ts';
import { findSaturation, hasSaturated } from '../saturation.ts';

const rungs = (...throughputs: number[]): StageRecord[] =>
  throughputs.map(
    (throughputPerS, index) => ({ name: `rung ${index}`, connections: 2 ** index, throughputPerS }) as StageRecord,
  );

describe('saturation', () => {
  test('is reached after two rungs in a row without a gain', () => {
    expect(hasSaturated(rungs(100, 190, 195), 0.05)).toBe(false);
    expect(hasSaturated(rungs(100, 190, 195, 198), 0.05)).toBe(true);
    expect(hasSaturated(rungs(100, 190, 150, 300), 0.05)).toBe(false);
    expect(hasSaturated(rungs(100, 50), 0.05)).toBe(false);
  });

  test('is at the fewest connections that bring the highest throughput but for the gain, with the throughput there', () => {
    expect(findSaturation(rungs(100, 190, 195, 198), 0.05)).toEqual({
      throughputPerS: 190,
      connections: 2,
      stage: 'rung 1',
    });
    expect(findSaturation(rungs(100, 190, 120, 90), 0.05)).toEqual({
      throughputPerS: 190,
      connections: 2,
      stage: 'rung 1',
    });
  });

  test('is absent while throughput rises, and when nothing was answered', () => {
    expect(findSaturation(rungs(100, 200, 400), 0.05)).toBeUndefined();
    expect(findSaturation(rungs(0, 0, 0, 0), 0.05)).toBeUndefined();
  });
});
