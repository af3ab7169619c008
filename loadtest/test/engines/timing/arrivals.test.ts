import { describe, expect, test } from '@jest/globals';
import { type ArrivalPlan, scheduleArrivals, timeOfCount } from '../../../engines/timing/arrivals.ts';

const plan: ArrivalPlan = {
  arrivalRatePerS: { from: 1000, to: 1000 },
  durationS: 10,
  arrivals: 'constant',
  seed: 1,
  generator: 0,
  generators: 1,
};

function starts(part: Partial<ArrivalPlan>): number[] {
  const next = scheduleArrivals({ ...plan, ...part });
  const times: number[] = [];
  for (let at = next(); at !== Number.POSITIVE_INFINITY; at = next()) times.push(at);
  return times;
}

/** Of the Kolmogorov-Smirnov test: the largest distance between the sample's distribution and `cdf`. */
function ksDistance(sample: readonly number[], cdf: (value: number) => number): number {
  const sorted = [...sample].sort((a, b) => a - b);
  return sorted.reduce((worst, value, index) => {
    const at = cdf(value);
    return Math.max(worst, at - index / sorted.length, (index + 1) / sorted.length - at);
  }, 0);
}

describe('constant arrivals', () => {
  test('are spaced evenly: as many as rate x duration, one rate-th of a second apart', () => {
    const times = starts({});
    expect(times).toHaveLength(10_000);
    expect(times[0]).toBeCloseTo(0.0005, 12);
    const gaps = times.slice(1).map((time, index) => time - (times[index] as number));
    expect(Math.max(...gaps)).toBeCloseTo(0.001, 9);
    expect(Math.min(...gaps)).toBeCloseTo(0.001, 9);
  });

  test.each([0.3, 1, 7, 333.3])('at %d/s every second has as many as the next, by 1 at most', (rate) => {
    const times = starts({ arrivalRatePerS: { from: rate, to: rate } });
    const bins = Array.from({ length: 10 }, (_, second) => times.filter((time) => Math.floor(time) === second).length);
    expect(Math.max(...bins) - Math.min(...bins)).toBeLessThanOrEqual(1);
    expect(times).toHaveLength(Math.round(rate * 10));
  });

  test.each([
    [0, 100],
    [100, 0],
    [20, 200],
  ])('ramp from %d/s to %d/s: the count at any time is the integral of the rate', (from, to) => {
    const times = starts({ arrivalRatePerS: { from, to } });
    expect(times).toHaveLength(((from + to) / 2) * 10);
    for (const at of [1, 2.5, 5, 9.9]) {
      const integral = from * at + ((to - from) * at * at) / 20;
      expect(Math.abs(times.filter((time) => time <= at).length - integral)).toBeLessThanOrEqual(0.5 + 1e-9);
    }
  });
});

describe('Poisson arrivals', () => {
  test('gaps are exponential (Kolmogorov-Smirnov, 1 %) and the count is within 4 standard deviations', () => {
    const times = starts({ arrivals: 'poisson' });
    expect(Math.abs(times.length - 10_000)).toBeLessThan(400);
    const gaps = times.slice(1).map((time, index) => time - (times[index] as number));
    expect(ksDistance(gaps, (gap) => 1 - Math.exp(-1000 * gap))).toBeLessThan(1.63 / Math.sqrt(gaps.length));
  });

  test('on a ramp they are spread as the rate is: uniform after the transformation by the integrated rate', () => {
    const times = starts({ arrivals: 'poisson', arrivalRatePerS: { from: 0, to: 1000 } });
    expect(Math.abs(times.length - 5000)).toBeLessThan(4 * Math.sqrt(5000));
    expect(ksDistance(times, (time) => (time / 10) ** 2)).toBeLessThan(1.63 / Math.sqrt(times.length));
  });

  test('the same seed gives the same arrivals, another seed others', () => {
    expect(starts({ arrivals: 'poisson' })).toEqual(starts({ arrivals: 'poisson' }));
    expect(starts({ arrivals: 'poisson' })).not.toEqual(starts({ arrivals: 'poisson', seed: 2 }));
  });
});

test.each(['constant', 'poisson'] as const)('%s arrivals dealt to 3 generators are those of one', (arrivals) => {
  const ramp = { arrivals, arrivalRatePerS: { from: 50, to: 450 } };
  const parts = [0, 1, 2].map((generator) => starts({ ...ramp, generator, generators: 3 }));
  const whole = starts(ramp);
  expect(parts.flat().sort((a, b) => a - b)).toEqual(whole);
  for (const part of parts) expect(Math.abs(part.length - whole.length / 3)).toBeLessThanOrEqual(1);
});

test('the inverse of the integrated rate is exact at both ends and for a constant rate', () => {
  expect(timeOfCount(0, 0, 10, 4)).toBe(0);
  expect(timeOfCount(20, 0, 10, 4)).toBeCloseTo(4, 12);
  expect(timeOfCount(20, 10, 0, 4)).toBeCloseTo(4, 6);
  expect(timeOfCount(15, 10, 10, 4)).toBe(1.5);
});
