// The workload on the credits of a predicted type, at the value and at both ends of its service demand.

import type { BurstableType, CreditMode } from '../../../model/catalogue/instance-catalogue.ts';
import type { CreditStart } from '../../../model/credits/credit-lifecycle.ts';
import { type Builds, layLoad } from '../../traffic/day-load.ts';
import type { Traffic } from '../../traffic/traffic.ts';
import { type CpuDemand, type CreditDay, runCreditDay } from './credit-day.ts';
import type { TypePrediction } from './predict-type.ts';

/** A day as the service demand's value and both ends of its interval give it. */
export type WorkloadCredits = { readonly value: CreditDay; readonly low: CreditDay; readonly high: CreditDay };

/** A week: long enough for a balance that falls every day to show. */
export const daysSimulated = 7;
/** For a balance that falls and outlasts the week. */
const longestDays = 365;

/** Simulates a week of the workload; a year when the balance falls without running out in the week. */
export function simulateWorkload(
  workload: { readonly traffic: Traffic; readonly builds: Builds | undefined; readonly start: CreditStart },
  prediction: TypePrediction,
  mode: CreditMode,
): WorkloadCredits {
  const { traffic, builds, start } = workload;
  const type = prediction.type as BurstableType;
  const machine = { vcpus: type.vcpus, speed: prediction.speed };
  const week = layLoad(traffic, builds, machine, daysSimulated);
  // In unlimited mode no launch credits are given.
  const given = mode === 'unlimited' && typeof start === 'object' ? { ...start, launch: 0 } : start;
  const options = { mode, start: given, startHour: traffic.startHour };
  const simulate = (cpu: CpuDemand): CreditDay => {
    const first = runCreditDay(type, cpu, week, options);
    if (mode === 'unlimited' || first.throttledHours > 0 || first.meanOverBaseline <= 1) return first;
    const year = layLoad(traffic, builds, machine, longestDays);
    return { ...runCreditDay(type, cpu, year, options), curve: first.curve };
  };
  const { value, low, high } = prediction.cpu;
  return { value: simulate(value), low: simulate(low), high: simulate(high) };
}
