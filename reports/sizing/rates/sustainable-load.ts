// The load that a type sustains when the traffic is not known: without end, until its credits run out, and in an office day.

import type { BurstableType, CreditMode } from '../../../model/catalogue/instance-catalogue.ts';
import { spendCredits } from '../../../model/credits/credit-bank.ts';
import { type CreditStart, openBank } from '../../../model/credits/credit-lifecycle.ts';
import { present } from '../../../model/present.ts';
import type { SustainableLoad } from '../../schema/check-findings.ts';
import type { Estimate } from '../../series/regression.ts';
import { type Builds, layLoad } from '../../traffic/day-load.ts';
import { dailyTraffic } from '../../traffic/traffic.ts';
import { mapEstimate } from '../demand/estimate.ts';
import { runCreditDay } from './credit-day.ts';
import type { TypePrediction } from './predict-type.ts';
import { capBySlo, type WithinSlo } from './within-slo.ts';
import { daysSimulated } from './workload-credits.ts';

/** AWS Compute Optimizer keeps a fifth of the CPU free by default. */
export const cpuHeadroom = 1.2;
const longestMs = 365 * 86_400_000;
/** Bisection steps for the largest day: to a millionth of the range. */
const bisections = 20;

/** From the figures of a prediction. `fullUse`: whether they hold at full use. The office day is that of the expensive end of the interval. */
export function findSustainableLoad(
  prediction: TypePrediction,
  mode: CreditMode | undefined,
  builds: Builds | undefined,
  fullUse: boolean,
  withinSlo?: WithinSlo,
): SustainableLoad {
  const type = prediction.type as BurstableType;
  const { usableVcpus, backgroundVcpus } = prediction.cpu.value;
  const burstPerS = withinSlo?.perS ?? prediction.burstPerS;
  // Rounding must not put it above all of them.
  const busyVcpus = Math.min(type.vcpus, usableVcpus + backgroundVcpus);
  return {
    sustainedPerS: capBySlo(besideBuilds(prediction, builds), withinSlo),
    ...(builds && prediction.sustainedPerS.value >= 1 && { buildVcpus: meanVcpus(builds, prediction) }),
    ...(fullUse && {
      burstPerS,
      ...(withinSlo && present({ slo: withinSlo.slo, atLeast: withinSlo.atLeast, atMost: withinSlo.atMost })),
      requestsPerOfficeDay: largestOfficeDay({ ...prediction, burstPerS }, builds),
    }),
    ...(mode === 'standard' && { hoursToThrottle: hoursToThrottle(type, busyVcpus) }),
  };
}

function meanVcpus({ perDay, vcpus, durationS }: Builds, { speed }: TypePrediction): number {
  return (perDay * vcpus * durationS) / 86_400 / speed;
}

/** The sustained rate less what the builds take of the baseline performance (of a type without one, of all vCPUs). */
function besideBuilds(prediction: TypePrediction, builds: Builds | undefined): Estimate {
  const { sustainedPerS, cpu, type } = prediction;
  if (!builds) return sustainedPerS;
  const perRequestS = type.credits ? cpu.value.serviceDemandAtBaselineS : cpu.value.serviceDemandS;
  const takenPerS = meanVcpus(builds, prediction) / perRequestS;
  return mapEstimate(sustainedPerS, (perS) => Math.max(0, perS - takenPerS));
}

/** After a launch and from a full balance, with so many vCPUs in use all the time; a year when it never throttles in that. */
export function hoursToThrottle(
  type: BurstableType,
  vcpus: number,
): { readonly launch: number; readonly full: number } {
  const from = (start: CreditStart) => {
    const { flow } = spendCredits(type, openBank(type, 'standard', start), { durationMs: longestMs, vcpus });
    return (flow.firstThrottleMs ?? longestMs) / 3_600_000;
  };
  return { launch: from('launch'), full: from('full') };
}

/** Requests in the largest day of office shape that never throttles from an empty balance. */
function largestOfficeDay(prediction: TypePrediction, builds: Builds | undefined): number {
  const type = prediction.type as BurstableType;
  let low = 0;
  let high = prediction.burstPerS.low / cpuHeadroom / dailyTraffic(1, 'office').peakPerS;
  if (!type.credits) return high;
  if (!(high > 0)) return 0;
  const holds = (requests: number) => {
    const traffic = dailyTraffic(requests, 'office');
    const pieces = layLoad(traffic, builds, { vcpus: type.vcpus, speed: prediction.speed }, daysSimulated);
    const options = { mode: 'standard', start: 'empty', startHour: 0 } as const;
    return runCreditDay(type, prediction.cpu.high, pieces, options).throttledHours === 0;
  };
  if (holds(high)) return high;
  for (let step = 0; step < bisections; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
