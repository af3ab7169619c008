// CPU credits as EC2 keeps them: exact from event to event (a balance at zero or full), so the result does not depend on how
// the time is cut. Rules: awsdocs/amazon-ec2-user-guide, burstable-performance-instances-{standard,unlimited}-mode-concepts.md.
import { type BurstableType, type CreditMode, creditBaselineVcpus } from '../catalogue/instance-catalogue.ts';

/** Balances in credits; one credit is one vCPU at 100 % for one minute. */
export type CreditBank = {
  readonly mode: CreditMode;
  /** Left of the launch credits: spent first, outside the maximum. */
  readonly launchBalance: number;
  readonly earnedBalance: number;
  /** Spent ahead of earning them, in unlimited mode. */
  readonly surplusBalance: number;
};

/** What went through a bank in some time, in credits. Balances change by earned - discarded - spent + surplusCharged. */
export type CreditFlow = {
  readonly earned: number;
  /** What the CPU really used, surplus included: CloudWatch's CPUCreditUsage. */
  readonly spent: number;
  /** Earned while the balance was full. */
  readonly discarded: number;
  /** Surplus beyond what a day can earn back: it costs money. */
  readonly surplusCharged: number;
  /** Wanted and not given, because the bank was empty. */
  readonly withheld: number;
  readonly throttledMs: number;
  /** From the begin of that time to the first throttling; absent when there was none. */
  readonly firstThrottleMs?: number;
};

/** A constant use of CPU. */
type ConstantUse = {
  readonly durationMs: number;
  /** 0 to the type's vCPUs. */
  readonly vcpus: number;
  /**
   * Below this balance the CPU is lowered in proportion, from all vCPUs to the credit baseline at 0. AWS documents such a ramp and not
   * its shape; without it the limit comes at once at 0, which meets AWS's own examples.
   */
  readonly rampBelowCredits?: number;
};

const msPerMinute = 60_000;
const hairCredits = 1e-11;

/** Runs a constant demand through the bank. */
export function spendCredits(type: BurstableType, bank: CreditBank, demand: ConstantUse) {
  if (!(demand.vcpus >= 0 && demand.vcpus <= type.vcpus) || !(demand.durationMs >= 0)) {
    throw new RangeError(`${type.instanceType} cannot use ${demand.vcpus} vCPUs for ${demand.durationMs} ms`);
  }
  const minutes = demand.durationMs / msPerMinute;
  let now = bank;
  let left = minutes;
  let spent = 0;
  let discarded = 0;
  let surplusCharged = 0;
  let throttled = 0;
  let firstThrottle: number | undefined;
  while (left > 0) {
    const segment = nextSegment(type, now, demand, left);
    if (segment.throttled) {
      firstThrottle ??= minutes - left;
      throttled += segment.minutes;
    }
    spent += segment.spent;
    discarded += segment.discarded;
    surplusCharged += segment.surplusCharged;
    now = segment.bank;
    left -= segment.minutes;
  }
  const flow: CreditFlow = {
    earned: creditBaselineVcpus(type.credits) * minutes,
    spent,
    discarded,
    surplusCharged,
    withheld: throttled > 0 ? Math.max(0, demand.vcpus * minutes - spent) : 0,
    throttledMs: throttled * msPerMinute,
    ...(firstThrottle !== undefined && { firstThrottleMs: firstThrottle * msPerMinute }),
  };
  return { bank: now, flow };
}

/** The vCPUs that a standard bank lets the machine use right now. */
export function allowedVcpus(type: BurstableType, bank: CreditBank, rampBelowCredits = 0): number {
  const balance = creditBalance(bank);
  const baseline = creditBaselineVcpus(type.credits);
  if (bank.mode === 'unlimited' || (balance > 0 && balance >= rampBelowCredits)) return type.vcpus;
  return balance <= 0 ? baseline : baseline + (type.vcpus - baseline) * (balance / rampBelowCredits);
}

/** CloudWatch's CPUCreditBalance. */
export function creditBalance(bank: CreditBank): number {
  return bank.launchBalance + bank.earnedBalance;
}

/** As long as nothing changes its rate: to the next balance that becomes empty or full, at most `left` minutes. */
function nextSegment(type: BurstableType, bank: CreditBank, demand: ConstantUse, left: number) {
  if (bank.mode === 'unlimited') return unlimitedSegment(type, bank, demand.vcpus, left);
  const earn = creditBaselineVcpus(type.credits);
  const ramp = demand.rampBelowCredits ?? 0;
  if (ramp > 0 && demand.vcpus > earn) {
    // The balance at which the ramp allows exactly the demand.
    const limit = (ramp * (demand.vcpus - earn)) / (type.vcpus - earn);
    const over = creditBalance(bank) - limit;
    if (over <= hairCredits) return rampSegment(type, bank, ramp, left);
    const saving = bank.launchBalance > 0 && bank.earnedBalance >= type.credits.maxAccruedCredits ? 0 : earn;
    return standardSegment(type, bank, demand.vcpus, Math.min(left, over / (demand.vcpus - saving)));
  }
  return standardSegment(type, bank, demand.vcpus, left);
}

function standardSegment(type: BurstableType, bank: CreditBank, spend: number, left: number) {
  const { maxAccruedCredits: max } = type.credits;
  const earn = creditBaselineVcpus(type.credits);
  const { launchBalance: launch, earnedBalance: earned } = bank;
  const full = earned >= max;
  if (launch > 0 && spend > 0) {
    const minutes = Math.min(left, launch / spend, full ? left : (max - earned) / earn);
    const launchBalance = shrink(launch, spend * minutes);
    const next = withBalances(bank.mode, launchBalance, grow(earned, earn * minutes, max), bank.surplusBalance);
    return still(minutes, next, spend * minutes, full ? earn * minutes : 0);
  }
  const net = earn - spend;
  if (net >= 0) {
    if (full) return still(left, bank, spend * left, net * left);
    const minutes = net > 0 ? Math.min(left, (max - earned) / net) : left;
    const next = withBalances(bank.mode, launch, grow(earned, net * minutes, max), bank.surplusBalance);
    return still(minutes, next, spend * minutes);
  }
  if (earned > 0) {
    const minutes = Math.min(left, earned / -net);
    const next = withBalances(bank.mode, launch, shrink(earned, -net * minutes), bank.surplusBalance);
    return still(minutes, next, spend * minutes);
  }
  return still(left, bank, earn * left, 0, 0, true);
}

/** Below the ramp the balance b falls by (vCPUs - baseline) * b / ramp a minute: an exponential, whichever credits are spent. */
function rampSegment(type: BurstableType, bank: CreditBank, ramp: number, minutes: number) {
  const earn = creditBaselineVcpus(type.credits);
  const before = creditBalance(bank);
  const after = before * Math.exp((-(type.vcpus - earn) / ramp) * minutes);
  const spent = before - after + earn * minutes;
  const launchBalance = Math.max(0, bank.launchBalance - spent);
  const next = withBalances(bank.mode, launchBalance, Math.max(0, after - launchBalance), 0);
  return still(minutes, next, spent, 0, 0, true);
}

function unlimitedSegment(type: BurstableType, bank: CreditBank, spend: number, left: number) {
  const { maxSurplusCredits: maxSurplus = 0 } = type.credits;
  const net = creditBaselineVcpus(type.credits) - spend;
  const { earnedBalance: earned, surplusBalance: surplus } = bank;
  if (net > 0 && surplus > 0) {
    const minutes = Math.min(left, surplus / net);
    return still(minutes, withBalances(bank.mode, 0, 0, shrink(surplus, net * minutes)), spend * minutes);
  }
  if (net >= 0 || earned > 0) return standardSegment(type, bank, spend, left);
  if (surplus >= maxSurplus) return still(left, bank, spend * left, 0, -net * left);
  const minutes = Math.min(left, (maxSurplus - surplus) / -net);
  const next = withBalances(bank.mode, 0, 0, grow(surplus, -net * minutes, maxSurplus));
  return still(minutes, next, spend * minutes);
}

function still(minutes: number, bank: CreditBank, spent: number, discarded = 0, surplusCharged = 0, throttled = false) {
  return { minutes, bank, spent, discarded, surplusCharged, throttled };
}

/** Every bank in one shape: a year of minutes makes millions of them, and a spread costs ten times as much. */
function withBalances(mode: CreditMode, launch: number, earned: number, surplus: number): CreditBank {
  return { mode, launchBalance: launch, earnedBalance: earned, surplusBalance: surplus };
}

/** Sums of fractions end a hair beside the bound that they were computed to reach: that hair is put on the bound. */
function grow(balance: number, by: number, max: number): number {
  return balance + by >= max - hairCredits ? max : balance + by;
}

function shrink(balance: number, by: number): number {
  return balance - by <= hairCredits ? 0 : balance - by;
}
