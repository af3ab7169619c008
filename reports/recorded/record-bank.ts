// A record of CPU demand on a type's CPU credits, exact from event to event.

import { type CreditMode, creditBaselineVcpus, type InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import { type CreditBank, spendCredits } from '../../model/credits/credit-bank.ts';
import { type CreditStart, openBank, startMachine, stopMachine } from '../../model/credits/credit-lifecycle.ts';
import { createCurve, type RecordCurve } from './record-curve.ts';

/** Demand in vCPUs of the type, in order of time: point `i` is the mean over `begins[i]` to `ends[i]`. */
export type RecordDemand = {
  readonly begins: Float64Array;
  readonly ends: Float64Array;
  readonly vcpus: Float64Array;
};

export type RecordOptions = {
  readonly mode: CreditMode;
  readonly start: CreditStart;
  /** Work that is not done in time waits, as in a queue; else it is lost, as a request that times out. */
  readonly waits?: boolean;
  /** With a curve for charts, from and to these milliseconds since 1970. */
  readonly curve?: readonly [fromMs: number, toMs: number];
};

export type RecordCredits = {
  /** Lowest balance, and when; absent for a type of fixed performance. */
  readonly lowest?: { readonly credits: number; readonly atMs: number };
  readonly throttledMs: number;
  readonly firstThrottledMs?: number;
  /** Demand above all vCPUs: how long, and how many vCPU-minutes. */
  readonly aboveMs: number;
  readonly aboveMinutes: number;
  /** vCPU-minutes that were not done in time, for want of vCPUs or of credits. */
  readonly unservedMinutes: number;
  readonly surplusCharged: number;
  /** Surplus credits at the end: they are charged when the machine is stopped. */
  readonly surplusOutstanding: number;
  /** vCPU-minutes that were wanted. */
  readonly demandedMinutes: number;
  readonly curve: RecordCurve;
};

/** A gap this long is a stop of the machine; a shorter one goes on with the mean of its edges. */
export const stopMs = 3_600_000;
const msPerMinute = 60_000;
/** vCPU-minutes: less than this is the rounding of sums. */
const hair = 1e-9;

/** Runs the record through the type's vCPUs and credits. */
export function runRecord(type: InstanceType, demand: RecordDemand, options: RecordOptions): RecordCredits {
  const { begins, ends, vcpus } = demand;
  const machine = createMachine(type, options, begins[0] as number);
  for (let index = 0; index < vcpus.length; index++) {
    const begin = begins[index] as number;
    const wanted = vcpus[index] as number;
    if (index > 0) {
      const gapBegin = ends[index - 1] as number;
      const gapMs = begin - gapBegin;
      if (gapMs >= stopMs) machine.restart(gapBegin, gapMs);
      else if (gapMs > 0) machine.work(gapBegin, gapMs, ((vcpus[index - 1] as number) + wanted) / 2);
    }
    machine.work(begin, (ends[index] as number) - begin, wanted);
  }
  return machine.finish();
}

function createMachine(
  type: InstanceType,
  { mode, start, waits = false, curve: curveOf }: RecordOptions,
  fromMs: number,
) {
  const { credits } = type;
  const burstable = credits && { ...type, credits };
  const earn = credits ? creditBaselineVcpus(credits) : type.vcpus;
  const most = credits?.maxAccruedCredits ?? 0;
  let bank: CreditBank | undefined = burstable && openBank(burstable, mode, start);
  // The usual state, without launch and surplus credits, is kept as a number: a year of minutes has half a million periods.
  let plain = isPlain(bank) ? bank.earnedBalance : -1;
  let lowest = bank && { credits: balance(), atMs: fromMs };
  let [throttledMs, aboveMs, aboveMinutes, unserved, charged, demanded, waiting] = [0, 0, 0, 0, 0, 0, 0];
  let firstThrottledMs: number | undefined;
  const curve = createCurve(curveOf);

  function balance(): number {
    return plain >= 0 ? plain : bank ? bank.launchBalance + bank.earnedBalance : 0;
  }

  /** Wants so many vCPUs for some time; returns the vCPU-minutes that it got. */
  function spend(atMs: number, ms: number, wanted: number): number {
    const minutes = ms / msPerMinute;
    if (!burstable || !bank) return wanted * minutes;
    const next = plain + (earn - wanted) * minutes;
    if (plain >= 0 && next > 0 && next < most) {
      plain = next;
      return wanted * minutes;
    }
    const before = plain >= 0 ? { mode, launchBalance: 0, earnedBalance: plain, surplusBalance: 0 } : bank;
    const { bank: after, flow } = spendCredits(burstable, before, { durationMs: ms, vcpus: wanted });
    bank = after;
    plain = isPlain(after) ? after.earnedBalance : -1;
    throttledMs += flow.throttledMs;
    if (flow.firstThrottleMs !== undefined) firstThrottledMs ??= atMs + flow.firstThrottleMs;
    charged += flow.surplusCharged;
    return flow.spent;
  }

  function note(atMs: number): void {
    const now = balance();
    if (lowest && now < lowest.credits) lowest = { credits: now, atMs };
  }

  /** All that waits is worked off at full speed, or at baseline performance without credits. */
  function workOff(atMs: number, ms: number, wanted: number): void {
    let left = ms;
    while (left > 0) {
      const isBehind = waiting > hair;
      const use = isBehind ? type.vcpus : Math.min(wanted, type.vcpus);
      const speed = isBehind && balance() <= 0 && mode === 'standard' && plain >= 0 ? earn : use;
      const untilDone = isBehind && speed > wanted ? (waiting / (speed - wanted)) * msPerMinute : left;
      const step = Math.min(left, untilDone);
      const got = spend(atMs + ms - left, step, use);
      waiting = Math.max(0, waiting + (wanted * step) / msPerMinute - got);
      left = step === left ? 0 : left - step;
      // The balance is lowest when the queue is just worked off.
      if (isBehind) note(atMs + ms - left);
    }
  }

  return {
    work: (atMs: number, ms: number, wanted: number): void => {
      const minutes = ms / msPerMinute;
      demanded += wanted * minutes;
      if (wanted > type.vcpus) {
        aboveMs += ms;
        aboveMinutes += (wanted - type.vcpus) * minutes;
      }
      if (waits) workOff(atMs, ms, wanted);
      else unserved += wanted * minutes - spend(atMs, ms, Math.min(wanted, type.vcpus));
      note(atMs + ms);
      curve.add(atMs, ms, balance(), wanted, throttledMs);
    },
    /** The machine stood still: what that costs and leaves is the family's rule. */
    restart: (atMs: number, ms: number): void => {
      waiting = 0;
      curve.interrupt();
      if (!burstable || !bank) return;
      const running = plain >= 0 ? { ...bank, launchBalance: 0, earnedBalance: plain, surplusBalance: 0 } : bank;
      const stopped = stopMachine(running);
      charged += stopped.surplusCharged;
      bank = startMachine(burstable, stopped.bank, ms / 3_600_000);
      plain = isPlain(bank) ? bank.earnedBalance : -1;
      note(atMs + ms);
    },
    finish: (): RecordCredits => ({
      ...(lowest && { lowest }),
      throttledMs,
      ...(firstThrottledMs !== undefined && { firstThrottledMs }),
      aboveMs,
      aboveMinutes,
      unservedMinutes: Math.max(0, unserved),
      surplusCharged: charged,
      surplusOutstanding: plain >= 0 ? 0 : (bank?.surplusBalance ?? 0),
      demandedMinutes: demanded,
      curve: curve.finish(),
    }),
  };
}

function isPlain(bank: CreditBank | undefined): bank is CreditBank {
  return bank !== undefined && bank.launchBalance === 0 && bank.surplusBalance === 0;
}
