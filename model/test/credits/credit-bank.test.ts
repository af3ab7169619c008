import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { creditBaselineVcpus, findBurstableType, instanceCatalogue } from '../../catalogue/instance-catalogue.ts';
import { allowedVcpus, type CreditBank, creditBalance, spendCredits } from '../../credits/credit-bank.ts';

const names = instanceCatalogue.filter(({ credits }) => credits?.maxSurplusCredits).map((each) => each.instanceType);
const fraction = fc.double({ min: 0, max: 1, noNaN: true });

/** Any type, a bank that it can have, and a day of demands. */
const situations = fc
  .record({
    name: fc.constantFrom(...names),
    mode: fc.constantFrom('standard' as const, 'unlimited' as const),
    launch: fc.oneof(fc.constant(0), fraction),
    earned: fc.oneof(fc.constantFrom(0, 1), fraction),
    surplus: fc.oneof(fc.constantFrom(0, 1), fraction),
    ramp: fc.option(fc.double({ min: 0.01, max: 1, noNaN: true }), { nil: undefined }),
    demands: fc.array(
      fc.record({ durationMs: fc.integer({ min: 1, max: 36_000_000 }), load: fraction, atBaseline: fc.boolean() }),
      {
        minLength: 1,
        maxLength: 12,
      },
    ),
  })
  .map(({ name, mode, launch, earned, surplus, ramp, demands }) => {
    const type = findBurstableType(name);
    const { credits, vcpus } = type;
    const bank: CreditBank =
      mode === 'standard'
        ? {
            mode,
            launchBalance: launch * credits.launchCredits,
            earnedBalance: earned * credits.maxAccruedCredits,
            surplusBalance: 0,
          }
        : surplus > 0
          ? { mode, launchBalance: 0, earnedBalance: 0, surplusBalance: surplus * (credits.maxSurplusCredits ?? 0) }
          : { mode, launchBalance: 0, earnedBalance: earned * credits.maxAccruedCredits, surplusBalance: 0 };
    return {
      type,
      bank,
      demands: demands.map(({ durationMs, load, atBaseline }) => ({
        durationMs,
        vcpus: atBaseline ? creditBaselineVcpus(credits) : load * vcpus,
        ...(ramp !== undefined && mode === 'standard' && { rampBelowCredits: ramp * credits.maxAccruedCredits }),
      })),
    };
  });

function run({ type, bank, demands }: typeof situations extends fc.Arbitrary<infer T> ? T : never) {
  let now = bank;
  const total = { earned: 0, spent: 0, discarded: 0, surplusCharged: 0, withheld: 0, throttledMs: 0 };
  for (const demand of demands) {
    const { bank: after, flow } = spendCredits(type, now, demand);
    now = after;
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += flow[key];
  }
  return { bank: now, total };
}

describe('a credit bank', () => {
  test('creates and loses no credit', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { bank, total } = run(situation);
        const change =
          creditBalance(bank) - bank.surplusBalance - creditBalance(situation.bank) + situation.bank.surplusBalance;
        expect(change).toBeCloseTo(total.earned - total.discarded - total.spent + total.surplusCharged, 6);
      }),
      { numRuns: 500 },
    );
  });

  test('stays within its bounds', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { bank, total } = run(situation);
        const { credits } = situation.type;
        expect(bank.earnedBalance).toBeGreaterThanOrEqual(0);
        expect(bank.earnedBalance).toBeLessThanOrEqual(credits.maxAccruedCredits);
        expect(bank.launchBalance).toBeGreaterThanOrEqual(0);
        expect(bank.launchBalance).toBeLessThanOrEqual(situation.bank.launchBalance);
        expect(bank.surplusBalance).toBeGreaterThanOrEqual(0);
        expect(bank.surplusBalance).toBeLessThanOrEqual(credits.maxSurplusCredits ?? 0);
        for (const amount of Object.values(total)) expect(amount).toBeGreaterThanOrEqual(0);
        expect(bank.surplusBalance === 0 || creditBalance(bank) === 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('comes to the same however the time is cut', () => {
    fc.assert(
      fc.property(situations, fc.array(fraction, { minLength: 1, maxLength: 8 }), (situation, cuts) => {
        const whole = run(situation);
        const cut = run({
          ...situation,
          demands: situation.demands.flatMap((demand) => {
            const places = [0, ...[...cuts].sort((a, b) => a - b), 1].map((part) => part * demand.durationMs);
            return places.slice(1).map((place, index) => ({ ...demand, durationMs: place - (places[index] ?? 0) }));
          }),
        });
        for (const key of ['launchBalance', 'earnedBalance', 'surplusBalance'] as const)
          expect(cut.bank[key]).toBeCloseTo(whole.bank[key], 6);
        for (const key of Object.keys(whole.total) as (keyof typeof whole.total)[])
          expect(cut.total[key] / 60).toBeCloseTo(whole.total[key] / 60, key === 'throttledMs' ? 1 : 6);
      }),
      { numRuns: 500 },
    );
  });

  test('spends launch credits first and keeps earning meanwhile', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        for (const demand of situation.demands) {
          const { bank, flow } = spendCredits(situation.type, situation.bank, demand);
          const launchSpent = situation.bank.launchBalance - bank.launchBalance;
          expect(launchSpent).toBeCloseTo(Math.min(flow.spent, situation.bank.launchBalance), 6);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('gives what is wanted as long as there are credits, and never less than the credit baseline', () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { bank, demands, type } = situation;
        for (const demand of demands) {
          const { flow } = spendCredits(type, bank, demand);
          const wanted = (demand.vcpus * demand.durationMs) / 60_000;
          const least = (Math.min(demand.vcpus, creditBaselineVcpus(type.credits)) * demand.durationMs) / 60_000;
          expect(flow.spent + flow.withheld).toBeCloseTo(wanted, 6);
          expect(flow.spent).toBeGreaterThanOrEqual(least - 1e-6);
          if (bank.mode === 'unlimited') expect(flow.withheld).toBe(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("keeps CloudWatch's equation of five minutes in unlimited mode", () => {
    fc.assert(
      fc.property(situations, fraction, ({ type, bank }, load) => {
        if (bank.mode === 'standard') return;
        const { maxAccruedCredits: max, creditsEarnedPerHour } = type.credits;
        const { bank: after, flow } = spendCredits(type, bank, { durationMs: 300_000, vcpus: load * type.vcpus });
        const usage = load * type.vcpus * 5;
        const adjusted = bank.earnedBalance - bank.surplusBalance + (creditsEarnedPerHour * 5) / 60 - usage;
        expect(after.earnedBalance).toBeCloseTo(Math.max(0, Math.min(max, adjusted)), 6);
        expect(after.surplusBalance).toBeCloseTo(Math.max(0, Math.min(max, -adjusted)), 6);
        expect(flow.surplusCharged).toBeCloseTo(Math.max(-adjusted - max, 0), 6);
      }),
      { numRuns: 500 },
    );
  });

  test('does not accept more CPU than the type has', () => {
    const bank: CreditBank = { mode: 'standard', launchBalance: 0, earnedBalance: 1, surplusBalance: 0 };
    expect(() => spendCredits(findBurstableType('t2.micro'), bank, { durationMs: 1, vcpus: 1.01 })).toThrow(RangeError);
  });

  test('allows all vCPUs, the baseline at zero, and on a ramp what lies between', () => {
    const type = findBurstableType('t2.medium');
    const bank = (earnedBalance: number): CreditBank => ({
      mode: 'standard',
      launchBalance: 0,
      earnedBalance,
      surplusBalance: 0,
    });
    expect(allowedVcpus(type, bank(0.001))).toBe(2);
    expect(allowedVcpus(type, bank(0))).toBe(0.4);
    expect(allowedVcpus(type, bank(10), 20)).toBeCloseTo(1.2, 9);
    expect(allowedVcpus(type, { ...bank(0), mode: 'unlimited', surplusBalance: 576 })).toBe(2);
  });
});
