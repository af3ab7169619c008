import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findBurstableType } from '../../../model/catalogue/instance-catalogue.ts';
import { creditBalance } from '../../../model/credits/credit-bank.ts';
import type { CreditStart } from '../../../model/credits/credit-lifecycle.ts';
import { createGovernor } from '../../emulation/governor.ts';
import { stolenPercent } from '../../emulation/run-governor.ts';

/** A group that uses what it wants as far as its quota lets it, in a time of its own. */
function simulate(options: {
  readonly name: string;
  readonly start: CreditStart;
  readonly vcpuShare?: number;
  readonly creditClock?: number;
  readonly mode?: 'standard' | 'unlimited';
  /** Wanted vCPUs at a time. */
  readonly wants: (ms: number) => number;
  readonly untilMs: number;
}) {
  const { vcpuShare = 0.5, creditClock = 60, wants } = options;
  const type = findBurstableType(options.name);
  let quota = Number.POSITIVE_INFINITY;
  let cpuUs = 0;
  let ms = 0;
  const quotas: [number, number][] = [];
  const group = {
    setCpu: (cores: number | undefined) => {
      quota = cores ?? Number.POSITIVE_INFINITY;
      quotas.push([Math.round(ms), quota]);
    },
    use: () => ({ cpuUs, throttledUs: 0 }),
  };
  const governor = createGovernor(
    {
      type,
      group,
      share: { withCredits: vcpuShare, atBaseline: vcpuShare },
      ownCores: undefined,
      mode: options.mode ?? 'standard',
      start: options.start,
      creditClock,
    },
    0,
  );
  let next = 0;
  while (ms < options.untilMs) {
    const until = Math.min(options.untilMs, ms + Math.max(1, next));
    cpuUs += Math.min(wants(ms) * vcpuShare, quota) * (until - ms) * 1000;
    ms = until;
    next = governor.check(ms);
  }
  return { state: governor.state(), quotas, usedVcpuMs: cpuUs / 1000 / vcpuShare };
}

describe('a governor', () => {
  test('lowers the quota to the credit baseline when the credits are gone, to the moment', () => {
    // 9 credits at 0.9 a minute are ten minutes, and ten seconds of a clock that goes 60 times faster.
    const { state, quotas } = simulate({
      name: 't2.micro',
      start: { launch: 0, earned: 9 },
      wants: () => 1,
      untilMs: 20_000,
    });
    expect(state.firstThrottleMs).toBeGreaterThanOrEqual(9_999);
    expect(state.firstThrottleMs).toBeLessThan(10_050);
    expect(quotas.map(([, cores]) => cores)).toEqual([0.5, 0.05]);
    expect(state.throttledMs).toBeCloseTo(20_000 - (state.firstThrottleMs ?? 0), 6);
  });

  test('begins throttled with an empty bank', () => {
    const { state, quotas } = simulate({ name: 't2.medium', start: 'empty', wants: () => 2, untilMs: 5000 });
    expect(state.firstThrottleMs).toBe(0);
    expect(quotas.at(-1)).toEqual([0, 0.2]);
  });

  test('takes all credits away when it is told to, and the debt with them', () => {
    const quotas: (number | undefined)[] = [];
    let cpuUs = 0;
    const group = { setCpu: (cores: number | undefined) => quotas.push(cores), use: () => ({ cpuUs, throttledUs: 0 }) };
    const type = findBurstableType('t2.micro');
    const governor = createGovernor(
      {
        type,
        group,
        share: { withCredits: 1, atBaseline: 0.5 },
        ownCores: 1,
        mode: 'standard',
        start: 'full',
        creditClock: 1,
      },
      0,
    );
    cpuUs = 500_000;
    governor.empty(1000);
    // All of its own core without a quota, then the baseline at its own share.
    expect(quotas).toEqual([undefined, 0.05]);
    expect(governor.state()).toMatchObject({ throttled: true, vcpuShare: 0.5, firstThrottleMs: 1000 });
    expect(creditBalance(governor.state().bank)).toBe(0);
  });

  test('lends the CPU of the type to an instance without credits, and counts nothing of it', () => {
    const quotas: (number | undefined)[] = [];
    let cpuUs = 0;
    const group = { setCpu: (cores: number | undefined) => quotas.push(cores), use: () => ({ cpuUs, throttledUs: 0 }) };
    const type = findBurstableType('t2.micro');
    const share = { withCredits: 1, atBaseline: 1 };
    const governor = createGovernor(
      { type, group, share, ownCores: 1, mode: 'standard', start: 'empty', creditClock: 1 },
      0,
    );
    governor.empty(0);
    governor.lend(1000);
    expect(quotas.slice(-2)).toEqual([0.1, undefined]);
    cpuUs = 900_000;
    // Whoever checks meanwhile takes nothing back.
    governor.check(1500);
    expect(quotas.at(-1)).toBeUndefined();
    governor.empty(2000);
    expect(quotas.at(-1)).toBe(0.1);
    expect(governor.state()).toMatchObject({ throttled: true, throttledMs: 1000 });
    expect(creditBalance(governor.state().bank)).toBe(0);
    // No debt is left: what is earned is kept.
    governor.check(62_000);
    expect(creditBalance(governor.state().bank)).toBeCloseTo(0.1, 6);
  });

  test('gives the credits of the start again, on a whole core for each vCPU and without a quota', () => {
    const quotas: (number | undefined)[] = [];
    const group = {
      setCpu: (cores: number | undefined) => quotas.push(cores),
      use: () => ({ cpuUs: 0, throttledUs: 0 }),
    };
    const type = findBurstableType('t2.medium');
    const share = { withCredits: 0.5, atBaseline: 1 };
    const governor = createGovernor(
      { type, group, share, ownCores: 1, mode: 'standard', start: 'launch', creditClock: 1 },
      0,
    );
    governor.empty(1000);
    governor.renew(2000, { share: { ...share, withCredits: 1 }, ownCores: 2 });
    expect(quotas.at(-1)).toBeUndefined();
    expect(governor.state()).toMatchObject({ throttled: false, vcpuShare: 1 });
    expect(creditBalance(governor.state().bank)).toBe(60);
  });

  test('raises the quota again when there are credits for a second', () => {
    const { quotas } = simulate({
      name: 't2.micro',
      start: 'empty',
      wants: (ms) => (ms < 30_000 ? 0 : 1),
      untilMs: 60_000,
    });
    const [, , raised, lowered] = quotas;
    // 0.9 credits are nine seconds of earning at this clock.
    expect(raised?.[0]).toBeGreaterThanOrEqual(9_000);
    expect(raised?.[0]).toBeLessThan(9_500);
    expect(raised?.[1]).toBe(0.5);
    // 30 s of earning are 3 credits, which last 3.33 s at full speed.
    expect(lowered?.[0]).toBeGreaterThan(33_000);
    expect(lowered?.[0]).toBeLessThan(33_700);
  });

  test('never lowers it in unlimited mode, and counts the surplus', () => {
    const { state, quotas } = simulate({
      name: 't3.micro',
      start: 'empty',
      mode: 'unlimited',
      wants: () => 2,
      untilMs: 10_000,
    });
    expect(quotas).toHaveLength(1);
    expect(state.bank.surplusBalance).toBeCloseTo(18, 6);
  });

  test('lets the group use no more than was there and earned, whatever it wants', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('t2.nano', 't2.micro', 't2.medium', 't3.small'),
        fc.double({ min: 0, max: 20, noNaN: true }),
        fc.array(fc.double({ min: 0, max: 2, noNaN: true }), { minLength: 1, maxLength: 20 }),
        (name, earned, wanted) => {
          const { vcpus, credits } = findBurstableType(name);
          const untilMs = 30_000;
          const wants = (ms: number) => Math.min(vcpus, wanted[Math.floor(ms / 1500) % wanted.length] ?? 0);
          const { state, usedVcpuMs } = simulate({ name, start: { launch: 0, earned }, wants, untilMs });
          const usedCredits = usedVcpuMs / 1000;
          const available = earned + (credits.creditsEarnedPerHour * untilMs) / 60_000;
          // What it overspends at most is one shortest check of 20 ms, at a clock 60 times faster.
          expect(usedCredits).toBeLessThanOrEqual(available + 0.02 * vcpus + 1e-6);
          expect(creditBalance(state.bank)).toBeLessThanOrEqual(available - usedCredits + 0.02 * vcpus + 1e-6);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('stolen time', () => {
  const machine = { durationMs: 1000, vcpus: 2, vcpuShare: 0.5, cores: 1 };
  const use = (cpuUs: number, throttledUs: number) => ({ cpuUs, throttledUs });

  test('is what a throttled guest wanted and did not get', () => {
    expect(stolenPercent(use(0, 0), use(100_000, 900_000), machine)).toBeCloseTo(90, 9);
  });

  test('is none in a burst, where a vCPU is a slow core and not a stolen one', () => {
    const half = { ...machine, vcpus: 1 };
    expect(stolenPercent(use(0, 0), use(500_000, 500_000), half)).toBe(0);
    expect(stolenPercent(use(0, 0), use(200_000, 200_000), half)).toBe(0);
  });

  test('is none at rest', () => {
    expect(stolenPercent(use(5, 5), use(5, 5), machine)).toBe(0);
  });
});
