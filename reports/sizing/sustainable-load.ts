// What a type sustainableLoad when nobody told the traffic: for ever, for a while, and in a day.

import { spendCredits } from '../../model/credit-bank.ts';
import { type CreditStart, openBank } from '../../model/credit-lifecycle.ts';
import type { BurstableType } from '../../model/instance-catalogue.ts';
import type { Estimate } from '../series/regression.ts';
import { type Builds, layLoad } from '../traffic/day-load.ts';
import { dailyTraffic } from '../traffic/traffic.ts';
import { runCreditDay } from './credit-day.ts';
import type { TypePrediction } from './predict-type.ts';

export type SustainableLoad = {
  /** Requests per second without end, beside the builds. */
  readonly sustainedPerS: number;
  /** Its 95 % interval; of a measured rate its spread. */
  readonly foreverRange: { readonly low: number; readonly high: number };
  /** What the builds keep busy on average; absent without builds, and where the app at rest leaves them nothing. */
  readonly buildVcpus?: number;
  /** Requests per second as long as there are credits; absent when the load was too light to tell. */
  readonly burstPerS?: number;
  /** Hours at full use until no credit is left; absent for a type that never throttles. */
  readonly burstHours?: {
    /** After a launch (T2 gets credits for it); 0 for a family that gets none. */
    readonly launch: number;
    /** From a full balance, as after an idle day. */
    readonly full: number;
  };
  /** Requests in the largest day of office shape that never throttles, with a fifth of the CPU left in its busiest hour; absent when the load was too light. */
  readonly requestsPerOfficeDay?: number;
};

/** AWS Compute Optimizer keeps a fifth of the CPU free by default. */
export const cpuHeadroom = 1.2;
/** A week: long enough for a balance that sinks every day to show. */
export const daysSimulated = 7;
/** Of a balance that sinks and outlasts the week. */
export const longestDays = 365;
const longestHours = 24 * 365;
/** Halvings of the range in which the largest day is looked for: to a millionth of it. */
const halvings = 20;

/** From the candidate's figures; of the largest day the end of its interval that promises less. `fullUse`: whether they hold there. */
export function findSustainableLoad(
  candidate: TypePrediction,
  mode: 'standard' | 'unlimited' | undefined,
  builds: Builds | undefined,
  fullUse: boolean,
): SustainableLoad {
  const type = candidate.type as BurstableType;
  const { usableVcpus, backgroundVcpus } = candidate.need.value;
  // Not above all of them by a rounding.
  const busyVcpus = Math.min(type.vcpus, usableVcpus + backgroundVcpus);
  const hours = (start: CreditStart) => hoursAtFull(type, busyVcpus, start);
  const { value, low, high } = besideBuilds(candidate, builds);
  return {
    sustainedPerS: value,
    foreverRange: { low, high },
    ...(builds && candidate.sustainedPerS.value >= 1 && { buildVcpus: meanVcpus(builds, candidate) }),
    ...(fullUse && { burstPerS: candidate.burstPerS.value, requestsPerOfficeDay: largestDay(candidate, builds) }),
    ...(mode === 'standard' && { burstHours: { launch: hours('launch'), full: hours('full') } }),
  };
}

function meanVcpus({ perDay, vcpus, durationS }: Builds, { speed }: TypePrediction): number {
  return (perDay * vcpus * durationS) / 86_400 / speed;
}

/** What the builds take of the credit baseline (of a type without one, of all vCPUs) serves no request. */
function besideBuilds(candidate: TypePrediction, builds: Builds | undefined): Estimate {
  const { sustainedPerS, need } = candidate;
  if (!builds) return sustainedPerS;
  const taken = meanVcpus(builds, candidate);
  const serviceDemandS = candidate.type.credits ? need.value.serviceDemandAtBaselineS : need.value.serviceDemandS;
  const left = (perS: number) => Math.max(0, perS - taken / serviceDemandS);
  return { value: left(sustainedPerS.value), low: left(sustainedPerS.low), high: left(sustainedPerS.high) };
}

/** At full use of what the app can use, beside what runs anyway; absent credits last no time, and a use within the credit baseline for ever. */
function hoursAtFull(type: BurstableType, vcpus: number, start: CreditStart): number {
  const bank = openBank(type, 'standard', start);
  const { flow } = spendCredits(type, bank, { durationMs: longestHours * 3_600_000, vcpus });
  return (flow.firstThrottleMs ?? longestHours * 3_600_000) / 3_600_000;
}

function largestDay(candidate: TypePrediction, builds: Builds | undefined): number {
  const type = candidate.type as BurstableType;
  const perRequest = dailyTraffic(1, 'office').peakPerS;
  let low = 0;
  let high = candidate.burstPerS.low / cpuHeadroom / perRequest;
  if (!type.credits) return high;
  const holds = (requests: number) => {
    const traffic = dailyTraffic(requests, 'office');
    const pieces = layLoad(traffic, builds, { vcpus: type.vcpus, speed: candidate.speed }, daysSimulated);
    const options = { mode: 'standard', start: 'empty', startHour: 0 } as const;
    return runCreditDay(type, candidate.need.high, pieces, options).throttledHours === 0;
  };
  if (!(high > 0)) return 0;
  if (holds(high)) return high;
  for (let step = 0; step < halvings; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
