// What a type would have made of a record, in figures.

import type { CreditMode, InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import type { CreditStart } from '../../model/credits/credit-lifecycle.ts';
import { surplusUsd } from '../../model/credits/credit-replay.ts';
import type { RecordFinding } from '../schema/recorded-findings.ts';
import type { CpuRecord } from './cpu-record.ts';
import type { NetworkRecord } from './join-metrics.ts';
import type { RecordCredits } from './record-bank.ts';

export type RecordInput = {
  readonly of: InstanceType;
  readonly record: CpuRecord;
  /** All points of a coarse record, by which the time above all vCPUs is counted; absent for a record that has them. */
  readonly fine?: CpuRecord;
  readonly start: CreditStart;
  /** Default: that of each type. */
  readonly mode?: CreditMode | undefined;
  /** Highest use on the recorded machine, where it is known. */
  readonly memoryBytes?: number | undefined;
  /** Bandwidth in use, where bytes were recorded. */
  readonly network?: NetworkRecord | undefined;
  /** Why the machine wanted more CPU than it shows. */
  readonly atLeast?: RecordFinding<'record-at-least'> | undefined;
};

/** With the middle of the interval of the vCPU's speed, and with its two ends: least and most demand. */
export type RecordRuns = { readonly value: RecordCredits; readonly low: RecordCredits; readonly high: RecordCredits };

const hoursPerMonth = 730;

export type RecordFigures = ReturnType<typeof figuresOf>;

/** The figures of one type; `waiting` is the record with work that waits. */
export function figuresOf(
  { record }: RecordInput,
  type: InstanceType,
  mode: CreditMode,
  { value }: RecordRuns,
  waiting: RecordCredits,
) {
  const { lowest, firstThrottledMs } = value;
  const usdOf = (credits: number) => (type.credits ? surplusUsd({ ...type, credits: type.credits }, credits) : 0);
  const baselineVcpus = type.credits ? type.credits.creditsEarnedPerHour / 60 : type.vcpus;
  const meanPercent = (100 * value.demandedMinutes) / (recordedMs(record) / 60_000) / baselineVcpus;
  // What is owed at the end is earned back later, unless the machine uses more than it earns.
  const owed = value.surplusCharged + (meanPercent > 100 ? value.surplusOutstanding : 0);
  const surplusUsdPerMonth = mode === 'unlimited' ? perMonth(usdOf(owed), record) : 0;
  return {
    vcpus: type.vcpus,
    ...(lowest && { lowestCredits: round(lowest.credits, 3), lowestAt: iso(lowest.atMs) }),
    throttledHours: hours(value.throttledMs),
    throttledHoursIfWorkWaits: hours(waiting.throttledMs),
    ...(firstThrottledMs !== undefined && { firstThrottledAt: iso(firstThrottledMs) }),
    unservedVcpuHours: round(value.unservedMinutes / 60, 4),
    aboveAllVcpusHours: hours(value.aboveMs),
    surplusUsd: round(usdOf(value.surplusCharged), 4),
    surplusUsdPerMonth: round(surplusUsdPerMonth, 4),
    ...(type.usdPerHour !== undefined && {
      usdPerMonth: round(type.usdPerHour * hoursPerMonth + surplusUsdPerMonth, 4),
    }),
    meanPercent: round(meanPercent, 2),
  };
}

/** The time that the periods cover. */
export function recordedMs({ begins, ends }: CpuRecord): number {
  let sum = 0;
  for (let index = 0; index < begins.length; index++) sum += (ends[index] as number) - (begins[index] as number);
  return sum;
}

/** Dollars of the record as dollars of 730 hours. */
function perMonth(usd: number, { begins, ends }: CpuRecord): number {
  const spanHours = ((ends.at(-1) as number) - (begins[0] as number)) / 3_600_000;
  return (usd / spanHours) * hoursPerMonth;
}

/** Milliseconds in hours, to four digits. */
export function hours(ms: number): number {
  return round(ms / 3_600_000, 4);
}

/** The value to so many digits. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** Milliseconds since 1970 as ISO-8601. */
export function iso(ms: number): string {
  return new Date(Math.round(ms)).toISOString();
}
