import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findInstanceType } from '../../../model/catalogue/instance-catalogue.ts';
import type { CpuRecord } from '../../recorded/cpu-record.ts';
import { boundPeaks } from '../../recorded/peak-bounds.ts';

const medium = findInstanceType('t2.medium');
const same = { ratio: 1, low: 1, high: 1 };

/** Five minutes each. */
function record(periods: readonly (readonly [mean: number, peak: number])[], sampleS?: number): CpuRecord {
  const begins = Float64Array.from(periods, (_, index) => index * 300_000);
  return {
    begins,
    ends: begins.map((begin) => begin + 300_000),
    used: Float64Array.from(periods, ([mean]) => mean),
    peaks: Float64Array.from(periods, ([, peak]) => peak),
    statistic: 'avg',
    intervalS: 300,
    ...(sampleS !== undefined && { sampleS }),
  };
}

test('the bounds hold the samples above all vCPUs, whatever they were', () => {
  const percent = fc.double({ min: 0, max: 100, noNaN: true });
  const samples = fc.array(percent, { minLength: 5, maxLength: 5 });
  fc.assert(
    fc.property(samples, (five) => {
      const mean = five.reduce((sum, each) => sum + each, 0) / 5;
      fc.pre(mean <= 50);
      const bounds = boundPeaks(record([[mean, Math.max(...five)]], 60), medium, same, 1);
      const aboveMs = five.filter((each) => each > 50).length * 60_000;
      expect(bounds?.leastMs).toBeLessThanOrEqual(aboveMs);
      expect(bounds?.mostMs).toBeGreaterThanOrEqual(aboveMs);
    }),
  );
});

test('one busy minute of EC2 is a minute: the rest of the sum allows no second one', () => {
  expect(boundPeaks(record([[14, 60]], 60), medium, same, 1)).toEqual({ leastMs: 60_000, mostMs: 60_000 });
  expect(boundPeaks(record([[24, 60]], 60), medium, same, 1)).toEqual({ leastMs: 60_000, mostMs: 120_000 });
});

test('without the length of the samples, the mean bounds the time', () => {
  expect(boundPeaks(record([[10, 60]]), medium, same, 1)).toEqual({ leastMs: 0, mostMs: 60_000 });
  // Five minutes with a mean of 2 % have no minute of 60 %.
  expect(boundPeaks(record([[2, 60]], 60), medium, same, 1)).toEqual({ leastMs: 0, mostMs: 12_000 });
});

test('a period whose mean is above all vCPUs counts whole, and one whose maximum is below them not at all', () => {
  const periods = [
    [60, 90],
    [10, 50],
  ] as const;
  expect(boundPeaks(record(periods, 60), medium, same, 1)).toEqual({ leastMs: 300_000, mostMs: 300_000 });
});

test('the ends of the interval of the vCPU bound it at their side', () => {
  const bounds = boundPeaks(record([[14, 60]], 60), medium, { ratio: 1.2, low: 1.1, high: 1.3 }, 1);
  expect(bounds).toEqual({ leastMs: 0, mostMs: 60_000 });
});
