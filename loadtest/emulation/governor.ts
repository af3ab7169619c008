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
  const { type, group } = options;
  const account = openAccount(options, startMs);
  let { share, ownCores, usableVcpus = type.vcpus } = options;
  let lastMs = startMs;
  let lastUse = group.use();

  const shareNow = () => (account.isSlowed() ? share.atBaseline : share.withCredits);
  const setQuota = () => group.setCpu(quotaOf(Math.min(usableVcpus, account.vcpus()) * shareNow(), ownCores));
  const check = (nowMs: number): number => {
    const durationMs = nowMs - lastMs;
    if (durationMs <= 0) return shortestCheckMs;
    const use = group.use();
    account.spend((use.cpuUs - lastUse.cpuUs) / 1000 / shareNow(), durationMs);
    lastUse = use;
    lastMs = nowMs;
    if (account.decide(nowMs)) setQuota();
    return account.nextCheckMs();
  };
  setQuota();
  if (account.decide(startMs)) setQuota();

  return {
    /** Debits what was used since the last check and sets the quota; gives the time until the next check is due. */
    check,
    /** Full speed without credits, at no one's cost, until `empty`. */
    lend(nowMs: number): void {
      check(nowMs);
      account.lend(true);
      setQuota();
    },
    /** Takes all credits away at once, and what was lent. */
    empty(nowMs: number): void {
      check(nowMs);
      const wasLent = account.lend(false);
      account.reopen('empty');
      if (account.decide(nowMs) || wasLent) setQuota();
    },
    /** The credits of the start again, on other cores. */
    renew(nowMs: number, on: Pick<GovernorOptions, 'share' | 'ownCores'>): void {
      check(nowMs);
      ({ share, ownCores } = on);
      // A command beside the app uses what the app leaves.
      usableVcpus = type.vcpus;
      account.reopen(options.start);
      account.decide(nowMs);
      setQuota();
    },
    state: (): GovernorState => ({ ...account.state(), vcpuShare: shareNow() }),
  };
}

/** The instance's credits, which come and go by the credit clock, and when they throttle it. */
function openAccount({ type, mode, start, creditClock }: GovernorOptions, startMs: number) {
  const baseline = creditBaselineVcpus(type.credits);
  let bank = openBank(type, mode, start);
  // CPU time beyond what the machine can do or had credits for (a quota holds on average, not in each period): it is spent next.
  let debtVcpuMs = 0;
  let throttled = false;
  let throttledMs = 0;
  let firstThrottleMs: number | undefined;
  let lent = false;

  const isSlowed = () => throttled && !lent;
  /** How long they last at full speed. */
  const balanceMs = () =>
    ((creditBalance(bank) / (type.vcpus - baseline)) * 60_000 - debtVcpuMs / type.vcpus) / creditClock;
  return {
    isSlowed,
    vcpus: () => (isSlowed() ? baseline : type.vcpus),
    nextCheckMs: () => (throttled ? checkMs : Math.min(checkMs, Math.max(shortestCheckMs, balanceMs()))),
    state: () => ({ bank, throttled, throttledMs, ...present({ firstThrottleMs }) }),
    spend(usedVcpuMs: number, durationMs: number): void {
      if (isSlowed()) throttledMs += durationMs;
      const wanted = usedVcpuMs + debtVcpuMs / creditClock;
      const vcpus = Math.min(type.vcpus, wanted / durationMs);
      const spent = spendCredits(type, bank, { durationMs: durationMs * creditClock, vcpus });
      bank = spent.bank;
      debtVcpuMs = Math.max(0, (wanted - vcpus * durationMs) * creditClock + spent.flow.withheld * 60_000);
    },
    /** Whether it is throttled from now on, or no more; says whether that is new. */
    decide(nowMs: number): boolean {
      const isShort = throttled ? balanceMs() < raiseAtMs : allowedVcpus(type, bank) < type.vcpus;
      const limit = mode === 'standard' && isShort;
      if (limit === throttled) return false;
      throttled = limit;
      if (limit) firstThrottleMs ??= nowMs - startMs;
      return true;
    },
    /** Says whether that is new. */
    lend(isLent: boolean): boolean {
      const isNew = isLent !== lent;
      lent = isLent;
      return isNew;
    },
    reopen(from: CreditStart): void {
      bank = openBank(type, mode, from);
      debtVcpuMs = 0;
    },
  };
}
