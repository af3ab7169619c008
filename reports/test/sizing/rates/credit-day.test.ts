import { describe, expect, test } from '@jest/globals';
import { findBurstableType } from '../../../../model/catalogue/instance-catalogue.ts';
import { runCreditDay } from '../../../sizing/rates/credit-day.ts';
import { layLoad, parseBuildCpu } from '../../../traffic/day-load.ts';
import { dailyTraffic } from '../../../traffic/traffic.ts';

const micro = findBurstableType('t2.micro');
const machine = { vcpus: 1, speed: 1 };
const need = { serviceDemandS: 0.001, serviceDemandAtBaselineS: 0.001, backgroundVcpus: 0, usableVcpus: 1 };
const options = { mode: 'standard', start: 'launch', startHour: 0 } as const;

describe('a load laid on a time line', () => {
  test('keeps every request and every build, whatever the shape', () => {
    for (const shape of ['flat', 'office', 'evening'] as const) {
      const pieces = layLoad(dailyTraffic(86_400, shape), { perDay: 12, vcpus: 2, durationS: 8 }, machine, 7);
      const sum = (of: (piece: (typeof pieces)[number]) => number) =>
        pieces.reduce((total, piece) => total + of(piece), 0);
      expect(sum(({ hours }) => hours)).toBeCloseTo(168, 9);
      expect(sum(({ hours, ratePerS }) => hours * 3600 * ratePerS)).toBeCloseTo(7 * 86_400, 3);
      expect(sum(({ hours, buildVcpus }) => hours * 3600 * buildVcpus)).toBeCloseTo(7 * 12 * 16, 6);
    }
  });

  test('reads what a build takes', () => {
    expect(parseBuildCpu('2x8s')).toEqual({ vcpus: 2, durationS: 8 });
    expect(parseBuildCpu('0.5x5min')).toEqual({ vcpus: 0.5, durationS: 300 });
    expect(() => parseBuildCpu('2 x 8')).toThrow('2x8s');
  });
});

describe('a day through the bank', () => {
  test('below the credit baseline nothing is ever throttled', () => {
    const day = runCreditDay(micro, need, layLoad(dailyTraffic(99 * 86_400, 'flat'), undefined, machine, 7), options);
    expect(day.throttledHours).toBe(0);
    expect(day.meanOverBaseline).toBeCloseTo(0.99, 9);
    expect(day).not.toHaveProperty('hoursToThrottle');
    expect(day.requestsHarmed).toBe(0);
  });

  test('its curve has the hours, the credits and the CPU, and ends where the load ends', () => {
    const { curve } = runCreditDay(
      micro,
      need,
      layLoad(dailyTraffic(99 * 86_400, 'flat'), undefined, machine, 7),
      options,
    );
    expect(curve.at(-1)).toEqual([168, expect.any(Number), 9.9]);
    // 30 launch credits, and 6 an hour less 5.94.
    expect(curve[0]?.[1]).toBeCloseTo(30 + (curve[0]?.[0] ?? 0) * 0.06, 2);
    const minutes = Array.from({ length: 7 * 1440 }, () => ({ hours: 1 / 60, ratePerS: 50, buildVcpus: 0 }));
    expect(runCreditDay(micro, need, minutes, options).curve).toHaveLength(336);
    const uneven = [35, 54, 40].map((each) => ({ hours: each / 60, ratePerS: 50, buildVcpus: 0 }));
    expect(runCreditDay(micro, need, Array(100).fill(uneven).flat(), options).curve.at(-1)?.[0]).toBeCloseTo(215, 2);
  });

  test('above it the moment of throttling is launch credits over the difference', () => {
    const day = runCreditDay(micro, need, layLoad(dailyTraffic(200 * 86_400, 'flat'), undefined, machine, 7), options);
    // 0.2 vCPU: 30 launch credits last 150 minutes, in which 15 are earned, which last 150 more.
    expect(day.hoursToThrottle).toBeCloseTo(5, 6);
    expect(day.throttledHours).toBeCloseTo(168 - 5, 6);
    expect(day.requestsHarmed).toBeCloseTo(163 * 3600 * 100, 0);
  });

  test('builds spend credits too', () => {
    const traffic = dailyTraffic(99 * 86_400, 'flat');
    const builds = { perDay: 12, vcpus: 2, durationS: 300 };
    const day = runCreditDay(micro, need, layLoad(traffic, builds, machine, 7), options);
    // While a build has the only vCPU, what requests take of it is no demand on top.
    const share = (12 * 600) / 86_400;
    expect(day.meanOverBaseline).toBeCloseTo(0.99 * (1 - share) + share / 0.1, 6);
    expect(day.throttledHours).toBeGreaterThan(0);
  });

  test('unlimited mode throttles nothing and costs what is above the baseline', () => {
    const pieces = layLoad(dailyTraffic(200 * 86_400, 'flat'), undefined, machine, 7);
    const day = runCreditDay(micro, need, pieces, { ...options, mode: 'unlimited' });
    expect(day.throttledHours).toBe(0);
    // 0.1 vCPU above the baseline for 730 hours at 5 cents.
    expect(day.surplusUsdPerMonth).toBeCloseTo(0.1 * 730 * 0.05, 6);
  });

  test('more than the machine can do at all is turned away', () => {
    const pieces = layLoad(dailyTraffic(1500 * 86_400, 'flat'), undefined, machine, 1);
    const day = runCreditDay(micro, need, pieces, { ...options, mode: 'unlimited' });
    expect(day.requestsHarmed).toBeCloseTo(500 * 86_400, 0);
  });
});
