// The CPU credits of one type over a record: model/credits/credit-bank.ts, with the usual state as one number.

import { type CreditMode, creditBaselineVcpus, type InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import { type CreditBank, spendCredits } from '../../model/credits/credit-bank.ts';
import { type CreditStart, openBank, startMachine, stopMachine } from '../../model/credits/credit-lifecycle.ts';

const msPerMinute = 60_000;
/** Credits: less than this is the rounding of sums. */
const hair = 1e-11;

/** `level` is the earned credits less the surplus ones; `firstThrottledMs` is negative before. */
type Standing = { level: number; launch: number; throttledMs: number; firstThrottledMs: number; charged: number };

/** The credits from `start` on. A type of fixed performance earns what it can use: it never has any, and none are missing. */
export function createCredits(type: InstanceType, mode: CreditMode, start: CreditStart) {
  const { credits } = type;
  const burstable = credits && { ...type, credits };
  const earn = credits ? creditBaselineVcpus(credits) : type.vcpus;
  const most = credits?.maxAccruedCredits ?? 0;
  const least = mode === 'unlimited' ? -(credits?.maxSurplusCredits ?? 0) : 0;
  const opened = burstable && openBank(burstable, mode, start);
  const now: Standing = {
    level: (opened?.earnedBalance ?? 0) - (opened?.surplusBalance ?? 0),
    launch: opened?.launchBalance ?? 0,
    throttledMs: 0,
    firstThrottledMs: -1,
    charged: 0,
  };

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
        const { bank, flow } = spendCredits(burstable, bankOf(now, mode), { durationMs: ms, vcpus });
        takeOver(now, bank);
        if (flow.firstThrottleMs !== undefined) throttle(now, atMs + flow.firstThrottleMs, flow.throttledMs);
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
      throttle(now, atMs + ms - throttledMs, throttledMs);
      return wanted - missing;
    },
    /** After a stop of so many milliseconds. */
    restart(ms: number): void {
      if (!burstable) return;
      const { bank, surplusCharged } = stopMachine(bankOf(now, mode));
      now.charged += surplusCharged;
      takeOver(now, startMachine(burstable, bank, ms / 3_600_000));
    },
  };
}

function throttle(now: Standing, fromMs: number, ms: number): void {
  now.throttledMs += ms;
  if (now.firstThrottledMs < 0) now.firstThrottledMs = fromMs;
}

function bankOf({ level, launch }: Standing, mode: CreditMode): CreditBank {
  return { mode, launchBalance: launch, earnedBalance: Math.max(0, level), surplusBalance: Math.max(0, -level) };
}

function takeOver(now: Standing, { launchBalance, earnedBalance, surplusBalance }: CreditBank): void {
  now.launch = launchBalance;
  now.level = earnedBalance - surplusBalance;
}
