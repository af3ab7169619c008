import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type BurstableType,
  findBurstableType,
  instanceCatalogue,
} from '../../../model/catalogue/instance-catalogue.ts';
import { replayCredits, surplusUsd } from '../../../model/credits/credit-replay.ts';
import { type RecordDemand, runRecord } from '../../recorded/record-bank.ts';
import { runSlowly } from './slow-bank.ts';

const burstable = instanceCatalogue.filter((type): type is BurstableType => type.credits !== undefined);
const periodMs = 300_000;
const days14 = 14 * 288;
const beganMs = Date.UTC(2026, 0, 1);

function periods(vcpus: readonly number[], ms = periodMs): RecordDemand {
  return {
    begins: Float64Array.from(vcpus, (_, index) => beganMs + index * ms),
    ends: Float64Array.from(vcpus, (_, index) => beganMs + (index + 1) * ms),
    used: Float64Array.from(vcpus),
    vcpusPerPercent: 1,
  };
}

/** Two weeks around the baseline performance: quiet hours, busy ones, bursts above all vCPUs. */
function twoWeeks(type: BurstableType, seed: number): RecordDemand {
  const baseline = type.credits.creditsEarnedPerHour / 60;
  let state = seed;
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  let level = baseline;
  return periods(
    Array.from({ length: days14 }, (_, index) => {
      if (index % 36 === 0) level = baseline * (random() < 0.5 ? random() : 3 * random());
      return random() < 0.03 ? type.vcpus * 1.4 * random() : level;
    }),
  );
}

describe('a record on the credits of a type', () => {
  test.each(
    burstable.map(
      (type, index) => [type.instanceType, (['launch', 'full', 'empty'] as const)[index % 3], type] as const,
    ),
  )('is that of a bank of one second over 14 days: %s, %s', (_, start, type) => {
    const demand = twoWeeks(type, 7);
    const slow = runSlowly(type, demand, start ?? 'launch');
    const exact = runRecord(type, demand, { mode: 'standard', start: start ?? 'launch' });
    expect(Math.abs((exact.lowest?.credits ?? 0) - slow.lowest)).toBeLessThan(0.05);
    expect(Math.abs(exact.throttledMs / 3_600_000 - slow.throttledS / 3600)).toBeLessThan(0.02);
    expect(slow.firstThrottledS).toBeGreaterThan(0);
    expect(
      Math.abs(((exact.firstThrottledMs ?? 0) - beganMs) / 1000 - (slow.firstThrottledS ?? 0)),
    ).toBeLessThanOrEqual(2);
    expect(Math.abs(exact.unservedMinutes - slow.unservedMinutes)).toBeLessThan(0.05);
  });

  test('is that bank for any demand, start and type, also when work waits', () => {
    const anyDemand = fc.array(fc.double({ min: 0, max: 3, noNaN: true }), { minLength: 2, maxLength: 60 });
    fc.assert(
      fc.property(
        anyDemand,
        fc.constantFrom('launch', 'full', 'empty'),
        fc.constantFrom(...burstable),
        fc.boolean(),
        (vcpus, start, type, waits) => {
          const demand = periods(
            vcpus.map((each) => (each < 1 ? (each * type.credits.creditsEarnedPerHour) / 30 : each)),
          );
          const slow = runSlowly(type, demand, start, waits);
          const exact = runRecord(type, demand, { mode: 'standard', start, waits });
          expect(Math.abs((exact.lowest?.credits ?? 0) - slow.lowest)).toBeLessThan(0.05);
          // A queue that is just worked off is so a few seconds earlier or later.
          expect(Math.abs(exact.throttledMs / 1000 - slow.throttledS)).toBeLessThan(waits ? 150 : 72);
          if (!waits) expect(Math.abs(exact.unservedMinutes - slow.unservedMinutes)).toBeLessThan(0.2);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('is the bank of credits itself, in either mode, with launch and surplus credits', () => {
    const anyUse = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 80 });
    const unlimited = burstable.filter(({ credits }) => credits.maxSurplusCredits !== undefined);
    const anyStart = fc.constantFrom('launch', 'full', 'empty');
    fc.assert(
      fc.property(anyUse, anyStart, fc.constantFrom(...unlimited), fc.boolean(), (use, start, type, isStandard) => {
        const mode = isStandard ? 'standard' : 'unlimited';
        const found = runRecord(
          type,
          periods(
            use.map((each) => each * type.vcpus),
            3_600_000,
          ),
          { mode, start },
        );
        const trace = use.map((each) => ({ hours: 1, cpuUtilizationPercent: 100 * each }));
        const replay = replayCredits(type, trace, { mode, start });
        expect(found.throttledMs / 3_600_000).toBeCloseTo(replay.throttledHours, 6);
        expect(surplusUsd(type, found.surplusCharged)).toBeCloseTo(replay.surplusUsd, 6);
        expect(surplusUsd(type, found.surplusOutstanding)).toBeCloseTo(replay.outstandingSurplusUsd, 6);
        if (replay.hoursToFirstThrottle !== undefined)
          expect(((found.firstThrottledMs ?? 0) - beganMs) / 3_600_000).toBeCloseTo(replay.hoursToFirstThrottle, 6);
      }),
    );
  });

  const micro = findBurstableType('t2.micro');

  test('bridges a gap under an hour with the mean of its edges', () => {
    const begins = Float64Array.of(0, 3_000_000);
    const demand = {
      begins,
      ends: Float64Array.of(300_000, 3_300_000),
      used: Float64Array.of(10, 50),
      vcpusPerPercent: 0.01,
    };
    const { lowest } = runRecord(micro, demand, { mode: 'standard', start: 'full' });
    // 45 minutes at 0.3 and 5 at 0.5 vCPUs, each above the 0.1 that is earned.
    expect(lowest?.credits).toBeCloseTo(144 - 45 * 0.2 - 5 * 0.4, 6);
  });

  test('takes a longer gap as a stop: a T2 starts with launch credits, a T3 keeps its balance for seven days', () => {
    const gap = (hours: number): RecordDemand => ({
      begins: Float64Array.of(0, 300_000 + hours * 3_600_000),
      ends: Float64Array.of(300_000, 600_000 + hours * 3_600_000),
      used: Float64Array.of(0, 0),
      vcpusPerPercent: 1,
    });
    const lowest = (type: string, hours: number) =>
      runRecord(findBurstableType(type), gap(hours), { mode: 'standard', start: 'full' }).lowest?.credits;
    expect(lowest('t2.micro', 2)).toBe(30);
    expect(lowest('t3.micro', 2)).toBe(288);
    expect(lowest('t3.micro', 170)).toBe(0);
  });

  test('charges the surplus of unlimited mode at a stop', () => {
    const demand = {
      begins: Float64Array.of(0, 4 * 3_600_000),
      ends: Float64Array.of(3_600_000, 5 * 3_600_000),
      used: Float64Array.of(1, 0),
      vcpusPerPercent: 1,
    };
    const { surplusCharged, surplusOutstanding } = runRecord(micro, demand, { mode: 'unlimited', start: 'empty' });
    expect(surplusCharged).toBeCloseTo(54, 6);
    expect(surplusOutstanding).toBe(0);
  });

  test('throttles longer when work waits than when it is lost', () => {
    const demand = periods([...Array(12).fill(1), ...Array(12).fill(0.05)]);
    const options = { mode: 'standard', start: 'empty' } as const;
    // 54 of 60 vCPU-minutes wait, and 0.05 vCPUs of the second hour work them off.
    expect(runRecord(micro, demand, options).throttledMs).toBe(3_600_000);
    expect(runRecord(micro, demand, { ...options, waits: true }).throttledMs).toBe(7_200_000);
  });

  test('counts demand above all vCPUs on a type of fixed performance, too', () => {
    const { credits: _, ...fixed } = micro;
    const found = runRecord(fixed, periods([0.5, 1.5, 1]), { mode: 'standard', start: 'launch' });
    expect(found).toMatchObject({ aboveMs: periodMs, unservedMinutes: 2.5, throttledMs: 0 });
    expect(found.lowest).toBeUndefined();
  });
});
