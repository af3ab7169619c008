// The CPU credits of one type over a record: model/credits/credit-bank.ts, with the usual state as one number.

import { type CreditMode, creditBaselineVcpus, type InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import { type CreditBank, spendCredits } from '../../model/credits/credit-bank.ts';
import { type CreditStart, openBank, startMachine, stopMachine } from '../../model/credits/credit-lifecycle.ts';

const msPerMinute = 60_000;
/** Credits: less than this is the rounding of sums. */
const hair = 1e-11;

/** The credits from `start` on. A type of fixed performance earns what it can use: it never has any, and none are missing. */
export function createCredits(type: InstanceType, mode: CreditMode, start: CreditStart) {
  const { credits } = type;
  const burstable = credits && { ...type, credits };
  const earn = credits ? creditBaselineVcpus(credits) : type.vcpus;
  const most = credits?.maxAccruedCredits ?? 0;
  const least = mode === 'unlimited' ? -(credits?.maxSurplusCredits ?? 0) : 0;
  const opened = burstable && openBank(burstable, mode, start);
  /** `level` is the earned credits less the surplus ones; `firstThrottledMs` is negative before. */
  const now = {
    level: (opened?.earnedBalance ?? 0) - (opened?.surplusBalance ?? 0),
    launch: opened?.launchBalance ?? 0,
    throttledMs: 0,
    firstThrottledMs: -1,
    charged: 0,
  };

  function throttle(fromMs: number, ms: number): void {
    now.throttledMs += ms;
    if (now.firstThrottledMs < 0) now.firstThrottledMs = fromMs;
  }

  function bankNow(): CreditBank {
    const earnedBalance = Math.max(0, now.level);
    return { mode, launchBalance: now.launch, earnedBalance, surplusBalance: Math.max(0, -now.level) };
  }

  function takeOver({ launchBalance, earnedBalance, surplusBalance }: CreditBank): void {
    now.launch = launchBalance;
    now.level = earnedBalance - surplusBalance;
  }

  return {
    now,
    /** CloudWatch's CPUCreditBalance. */
    balance: (): number => now.launch + Math.max(0, now.level),
    /** The vCPUs that the machine may use right now. */
    allowed: (): number => (mode === 'standard' && now.launch + now.level <= 0 ? earn : type.vcpus),
    /** Uses so many vCPUs, at most all; returns the vCPU-minutes that it got. */
    spend(atMs: number, ms: number, vcpus: number): number {
      const wanted = (vcpus * ms) / msPerMinute;
      if (burstable && now.launch > 0) {
        const { bank, flow } = spendCredits(burstable, bankNow(), { durationMs: ms, vcpus });
        takeOver(bank);
        if (flow.firstThrottleMs !== undefined) throttle(atMs + flow.firstThrottleMs, flow.throttledMs);
        return flow.spent;
      }
      const next = now.level + (earn * ms) / msPerMinute - wanted;
      const missing = least - next;
      if (missing <= hair) {
        now.level = Math.min(most, Math.max(least, next));
        return wanted;
      }
      const throttledMs = now.level === least ? ms : (missing / (vcpus - earn)) * msPerMinute;
      now.level = least;
      if (mode === 'unlimited') {
        now.charged += missing;
        return wanted;
      }
      throttle(atMs + ms - throttledMs, throttledMs);
      return wanted - missing;
    },
    /** After a stop of so many milliseconds. */
    restart(ms: number): void {
      if (!burstable) return;
      const { bank, surplusCharged } = stopMachine(bankNow());
      now.charged += surplusCharged;
      takeOver(startMachine(burstable, bank, ms / 3_600_000));
    },
  };
}
