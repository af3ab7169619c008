import { describe, expect, test } from '@jest/globals';
import type { StageRecord } from '../../../model/stage/stage-record.ts';
import { findSaturation, isFlat } from '../../run/saturation.ts';

const rungs = (...throughputs: number[]): StageRecord[] =>
  throughputs.map(
    (throughputPerS, index) => ({ name: `rung ${index}`, connections: 2 ** index, throughputPerS }) as StageRecord,
  );

describe('saturation', () => {
  test('ends the climb after three rungs in a row without a gain, and not after a first rung that came out high', () => {
    expect(isFlat(rungs(100, 190, 195, 198), 0.05)).toBe(false);
    expect(isFlat(rungs(100, 190, 195, 198, 199), 0.05)).toBe(true);
    expect(isFlat(rungs(7321, 6540, 7617), 0.05)).toBe(false);
    expect(isFlat(rungs(100, 190, 150, 160, 300), 0.05)).toBe(false);
    expect(isFlat(rungs(100, 50, 40), 0.05)).toBe(false);
  });

  test('is told after two of them', () => {
    expect(findSaturation(rungs(100, 190, 195), 0.05)).toBeUndefined();
    expect(findSaturation(rungs(100, 190, 195, 198), 0.05)).toBeDefined();
    expect(findSaturation(rungs(100, 190, 150, 300), 0.05)).toBeUndefined();
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
