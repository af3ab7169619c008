// CPU credits alone, period by period: what a known curve of CPU use does to a type's bank.

import { withArticle } from '../article.ts';
import type { BurstableType, CreditMode } from '../catalogue/instance-catalogue.ts';
import { UserError } from '../user-error.ts';
import { type CreditBank, type CreditFlow, creditBalance, spendCredits } from './credit-bank.ts';
import { type CreditStart, openBank } from './credit-lifecycle.ts';

/** Utilization in percent is of all vCPUs together, like CloudWatch's CPUUtilization. */
export type TracePeriod = { readonly hours: number; readonly cpuUtilizationPercent: number };

export type ReplayedPeriod = TracePeriod &
  Pick<CreditFlow, 'earned' | 'spent' | 'discarded' | 'surplusCharged'> &
  Omit<CreditBank, 'mode'> & {
    /** Launch and earned credits together, at the end of the period. */
    readonly balance: number;
    readonly throttledHours: number;
  };

export type Replay = {
  readonly instanceType: string;
  readonly mode: CreditMode;
  readonly periods: readonly ReplayedPeriod[];
  /** The lowest at the end of a period. */
  readonly lowestBalance: number;
  readonly throttledHours: number;
  /** From the begin of the trace; absent when it never throttles. */
  readonly hoursToFirstThrottle?: number;
  /** For the credits charged in the trace. */
  readonly surplusUsd: number;
  /** Falls due when the machine is stopped at the end of the trace. */
  readonly outstandingSurplusUsd: number;
};

/** Checks a trace from `file`; a wrong field is named with its place. By hand: a year of minutes must not take half a second. */
export function parseTrace(value: unknown, file: string): readonly TracePeriod[] {
  const fail = (where: string, what: string): never => {
    throw new UserError(`${file}: ${where} ${what}; a trace is like [{"hours": 1, "cpuUtilizationPercent": 20}, ...]`);
  };
  if (!Array.isArray(value)) return fail('the whole', 'is not a list');
  if (value.length === 0) return fail('the list', 'is empty');
  for (const [index, period] of (value as readonly (Partial<TracePeriod> | null)[]).entries()) {
    if (typeof period !== 'object' || period === null) return fail(`period ${index}`, 'is not an object');
    const { hours, cpuUtilizationPercent: percent } = period;
    if (!(typeof hours === 'number' && hours > 0)) return fail(`period ${index}: hours`, 'must be a number above 0');
    if (!(typeof percent === 'number' && percent >= 0 && percent <= 100))
      return fail(`period ${index}: cpuUtilizationPercent`, 'must be a number from 0 to 100');
  }
  return value;
}

/** Runs a trace through the bank of one type. */
export function replayCredits(
  type: BurstableType,
  trace: readonly TracePeriod[],
  options: { readonly mode: CreditMode; readonly start: CreditStart; readonly rampBelowCredits?: number },
): Replay {
  const { mode, start, rampBelowCredits } = options;
  if (rampBelowCredits !== undefined && !(rampBelowCredits > 0 && rampBelowCredits <= type.credits.maxAccruedCredits)) {
    throw new UserError(
      `the ramp must begin between 0 and ${type.credits.maxAccruedCredits} credits, the most of ${withArticle(type.instanceType)}`,
    );
  }
  let bank: CreditBank = openBank(type, mode, start);
  let lowestBalance = trace.length === 0 ? creditBalance(bank) : Number.POSITIVE_INFINITY;
  let hours = 0;
  let throttledHours = 0;
  let charged = 0;
  let firstThrottle: number | undefined;
  const periods = trace.map((period): ReplayedPeriod => {
    const { bank: after, flow } = spendCredits(type, bank, {
      durationMs: period.hours * 3_600_000,
      vcpus: (type.vcpus * period.cpuUtilizationPercent) / 100,
      ...(rampBelowCredits !== undefined && { rampBelowCredits }),
    });
    bank = after;
    if (flow.firstThrottleMs !== undefined) firstThrottle ??= hours + flow.firstThrottleMs / 3_600_000;
    hours += period.hours;
    throttledHours += flow.throttledMs / 3_600_000;
    charged += flow.surplusCharged;
    const balance = creditBalance(bank);
    lowestBalance = Math.min(lowestBalance, balance);
    return {
      hours: period.hours,
      cpuUtilizationPercent: period.cpuUtilizationPercent,
      earned: flow.earned,
      spent: flow.spent,
      discarded: flow.discarded,
      launchBalance: bank.launchBalance,
      earnedBalance: bank.earnedBalance,
      balance,
      surplusBalance: bank.surplusBalance,
      surplusCharged: flow.surplusCharged,
      throttledHours: flow.throttledMs / 3_600_000,
    };
  });
  return {
    instanceType: type.instanceType,
    mode,
    periods,
    lowestBalance,
    throttledHours,
    ...(firstThrottle !== undefined && { hoursToFirstThrottle: firstThrottle }),
    surplusUsd: surplusUsd(type, charged),
    outstandingSurplusUsd: surplusUsd(type, bank.surplusBalance),
  };
}

/** The price of charged credits: 60 of them are one vCPU-hour. */
export function surplusUsd(type: BurstableType, credits: number): number {
  return (credits / 60) * (type.credits.surplusUsdPerVcpuHour ?? 0);
}
