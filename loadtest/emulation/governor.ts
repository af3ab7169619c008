// Makes a control group keep the CPU credits of an instance: what it really used is debited, and at zero its quota falls to the
// credit baseline.
import { type BurstableType, type CreditMode, creditBaselineVcpus } from '../../model/catalogue/instance-catalogue.ts';
import { allowedVcpus, type CreditBank, creditBalance, spendCredits } from '../../model/credits/credit-bank.ts';
import { type CreditStart, openBank } from '../../model/credits/credit-lifecycle.ts';
import { present } from '../../model/present.ts';
import type { Group } from './group.ts';
import type { VcpuShare } from './vcpu-share.ts';

export type GovernorOptions = {
  readonly type: BurstableType;
  readonly group: Pick<Group, 'setCpu' | 'use'>;
  readonly share: VcpuShare;
  /** vCPUs that the app can keep busy; absent: all of the type's. */
  readonly usableVcpus?: number;
  /** Cores that the group is held to; undefined: any. */
  readonly ownCores: number | undefined;
  readonly mode: CreditMode;
  readonly start: CreditStart;
  /** Credits come and go so many times faster than in life; 1 is life. */
  readonly creditClock: number;
};

export type GovernorState = {
  readonly bank: CreditBank;
  /** Lowered to the credit baseline now. */
  readonly throttled: boolean;
  /** Of a core, that one vCPU is now. */
  readonly vcpuShare: number;
  /** Of the wall clock, in all. */
  readonly throttledMs: number;
  /** From the start to the first throttling; absent before. */
  readonly firstThrottleMs?: number;
};

const checkMs = 250;
const shortestCheckMs = 20;
/** The quota is raised again when the balance lasts this long at full speed: less would flap with every rounding of the kernel. */
const raiseAtMs = 1000;

/** The quota for so many cores' worth of CPU: none where the group has all of its own cores, since a full one only adds pauses. */
export function quotaOf(total: number, ownCores: number | undefined): number | undefined {
  return ownCores !== undefined && total >= ownCores ? undefined : total;
}

/** The governor without its timers: `check` at any time, as often as you like. */
export function createGovernor(options: GovernorOptions, startMs: number) {
  const { type, group, creditClock } = options;
  let { share, ownCores, usableVcpus = type.vcpus } = options;
  const baseline = creditBaselineVcpus(type.credits);
  let bank = openBank(type, options.mode, options.start);
  let lastMs = startMs;
  let lastUse = group.use();
  // CPU time beyond what the machine can do or had credits for (a quota holds on average, not in each period): it is spent next.
  let debtVcpuMs = 0;
  let throttled = false;
  let throttledMs = 0;
  let firstThrottleMs: number | undefined;
  let lent = false;

  const balanceMs = () =>
    ((creditBalance(bank) / (type.vcpus - baseline)) * 60_000 - debtVcpuMs / type.vcpus) / creditClock;
  const apply = (nowMs: number) => {
    const empty = allowedVcpus(type, bank) < type.vcpus;
    const limit = bank.mode === 'standard' && (throttled ? balanceMs() < raiseAtMs : empty);
    if (limit === throttled) return;
    throttled = limit;
    if (limit) firstThrottleMs ??= nowMs - startMs;
    setQuota();
  };
  const isSlowed = () => throttled && !lent;
  const shareNow = () => (isSlowed() ? share.atBaseline : share.withCredits);
  const setQuota = () =>
    group.setCpu(quotaOf(Math.min(usableVcpus, isSlowed() ? baseline : type.vcpus) * shareNow(), ownCores));
  setQuota();
  apply(startMs);

  const check = (nowMs: number): number => {
    const durationMs = nowMs - lastMs;
    if (durationMs <= 0) return shortestCheckMs;
    if (isSlowed()) throttledMs += durationMs;
    const use = group.use();
    const wanted = (use.cpuUs - lastUse.cpuUs) / 1000 / shareNow() + debtVcpuMs / creditClock;
    lastUse = use;
    lastMs = nowMs;
    const vcpus = Math.min(type.vcpus, wanted / durationMs);
    const spent = spendCredits(type, bank, { durationMs: durationMs * creditClock, vcpus });
    bank = spent.bank;
    debtVcpuMs = Math.max(0, (wanted - vcpus * durationMs) * creditClock + spent.flow.withheld * 60_000);
    apply(nowMs);
    return throttled ? checkMs : Math.min(checkMs, Math.max(shortestCheckMs, balanceMs()));
  };

  return {
    /** Debits what was used since the last check and sets the quota; gives the time until the next check is due. */
    check,
    /** Full speed without credits, at no one's cost, until `empty`. */
    lend(nowMs: number): void {
      check(nowMs);
      lent = true;
      setQuota();
    },
    /** Takes all credits away at once, and what was lent. */
    empty(nowMs: number): void {
      check(nowMs);
      const wasLent = lent;
      lent = false;
      bank = openBank(type, options.mode, 'empty');
      debtVcpuMs = 0;
      apply(nowMs);
      if (wasLent) setQuota();
    },
    /** The credits of the start again, on other cores. */
    renew(nowMs: number, on: Pick<GovernorOptions, 'share' | 'ownCores'>): void {
      check(nowMs);
      ({ share, ownCores } = on);
      // A command beside the app uses what the app leaves.
      usableVcpus = type.vcpus;
      bank = openBank(type, options.mode, options.start);
      debtVcpuMs = 0;
      apply(nowMs);
      setQuota();
    },
    state(): GovernorState {
      return { bank, throttled, vcpuShare: shareNow(), throttledMs, ...present({ firstThrottleMs }) };
    },
  };
}
