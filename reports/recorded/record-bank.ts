// A record of CPU demand on a type's CPU credits, exact from event to event.
import type { CreditMode, InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import type { CreditStart } from '../../model/credits/credit-lifecycle.ts';
import { createCredits } from './record-credits.ts';
import { createCurve, type RecordCurve } from './record-curve.ts';

/** Demand in order of time: point `i` is the mean over `begins[i]` to `ends[i]`. */
export type RecordDemand = {
  readonly begins: Float64Array;
  readonly ends: Float64Array;
  /** In percent of the recorded machine. */
  readonly used: Float64Array;
  /** In vCPUs of the type. Scaled copies of a year of minutes would take longer than the bank. */
  readonly vcpusPerPercent: number;
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
  /** How long the demand was above all vCPUs. */
  readonly aboveMs: number;
  /** vCPU-minutes that were not done in time, for want of vCPUs or of credits. */
  readonly unservedMinutes: number;
  readonly surplusCharged: number;
  /** Surplus credits at the end: charged when the machine is stopped, unless they are earned back before. */
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
  const { begins, ends, used, vcpusPerPercent } = demand;
  const machine = createMachine(type, options, begins[0] as number);
  let [gapBegin, before] = [begins[0] as number, 0];
  for (let index = 0; index < used.length; index++) {
    const begin = begins[index] as number;
    const end = ends[index] as number;
    const wanted = (used[index] as number) * vcpusPerPercent;
    const gapMs = begin - gapBegin;
    if (gapMs >= stopMs) machine.restart(gapBegin, gapMs);
    else if (gapMs > 0) machine.work(gapBegin, gapMs, (before + wanted) / 2);
    machine.work(begin, end - begin, wanted);
    gapBegin = end;
    before = wanted;
  }
  return machine.finish();
}

/** How long a demand is above so many vCPUs, with the gaps that are bridged. */
export function msAbove({ begins, ends, used, vcpusPerPercent }: RecordDemand, vcpus: number): number {
  let [sum, gapBegin, before] = [0, begins[0] as number, 0];
  for (let index = 0; index < used.length; index++) {
    const [begin, end, wanted] = [
      begins[index] as number,
      ends[index] as number,
      (used[index] as number) * vcpusPerPercent,
    ];
    const gapMs = begin - gapBegin;
    if (gapMs > 0 && gapMs < stopMs && (before + wanted) / 2 > vcpus) sum += gapMs;
    if (wanted > vcpus) sum += end - begin;
    gapBegin = end;
    before = wanted;
  }
  return sum;
}

function createMachine(type: InstanceType, options: RecordOptions, fromMs: number) {
  const { mode, start, waits = false, curve: curveOf } = options;
  const credits = createCredits(type, mode, start);
  const { now } = credits;
  const curve = createCurve(curveOf);
  // In an object, whose numbers change in place: each new value of a closure's number is allocated, and a year has half a million minutes.
  const sum = { aboveMs: 0, unserved: 0, demanded: 0, waiting: 0 };
  const lowest = { credits: credits.balance(), atMs: fromMs };
  const note = (atMs: number): void => noteLowest(lowest, credits.balance(), atMs);

  /** All that waits is worked off at full speed, or at baseline performance without credits. */
  function workOff(atMs: number, ms: number, wanted: number): void {
    let left = ms;
    while (left > 0) {
      const isBehind = sum.waiting > hair;
      const use = isBehind ? type.vcpus : Math.min(wanted, type.vcpus);
      const speed = isBehind ? credits.allowed() : use;
      const untilDone = isBehind && speed > wanted ? (sum.waiting / (speed - wanted)) * msPerMinute : left;
      const step = Math.min(left, untilDone);
      const got = credits.spend(atMs + ms - left, step, use);
      sum.waiting = Math.max(0, sum.waiting + (wanted * step) / msPerMinute - got);
      left = step === left ? 0 : left - step;
      // The balance is lowest when the queue is just worked off.
      if (isBehind) note(atMs + ms - left);
    }
  }

  return {
    work: (atMs: number, ms: number, wanted: number): void => {
      const minutes = ms / msPerMinute;
      sum.demanded += wanted * minutes;
      if (wanted > type.vcpus) sum.aboveMs += ms;
      if (waits) workOff(atMs, ms, wanted);
      else sum.unserved += wanted * minutes - credits.spend(atMs, ms, Math.min(wanted, type.vcpus));
      note(atMs + ms);
      if (curveOf) curve.add(atMs, ms, credits.balance(), wanted, now.throttledMs);
    },
    /** The machine stood still: what that costs and leaves is the family's rule. */
    restart: (atMs: number, ms: number): void => {
      sum.waiting = 0;
      curve.interrupt();
      credits.restart(ms);
      note(atMs + ms);
    },
    finish: (): RecordCredits => ({
      ...(type.credits && { lowest }),
      throttledMs: now.throttledMs,
      ...(now.firstThrottledMs >= 0 && { firstThrottledMs: now.firstThrottledMs }),
      aboveMs: sum.aboveMs,
      unservedMinutes: Math.max(0, sum.unserved),
      surplusCharged: now.charged,
      surplusOutstanding: Math.max(0, -now.level),
      demandedMinutes: sum.demanded,
      curve: curve.finish(),
    }),
  };
}

function noteLowest(lowest: { credits: number; atMs: number }, balance: number, atMs: number): void {
  if (balance >= lowest.credits) return;
  lowest.credits = balance;
  lowest.atMs = atMs;
}
