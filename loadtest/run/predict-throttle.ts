// When the CPU credits of an emulated instance run out in a replay: by the bank, before the replay, from the CPU that a sample took.

import type { BurstableType } from '../../model/catalogue/instance-catalogue.ts';
import { spendCredits } from '../../model/credits/credit-bank.ts';
import { type CreditStart, openBank } from '../../model/credits/credit-lifecycle.ts';

/** vCPUs in use at a rate of requests. */
export type UsePoint = { readonly ratePerS: number; readonly vcpus: number };

export type BankTerms = { readonly type: BurstableType; readonly start: CreditStart; readonly creditClock: number };

/** Seconds since the replay began; absent where the credits outlast it. */
type ThrottleMoments = { readonly predictedS?: number; readonly earliestS?: number; readonly latestS?: number };

/** Rates that differ by less are one: a line through them has no slope. */
const sameRate = 1.2;
/** No demand is known better, as a share of it. */
const surest = 0.03;
/** Student's t for 95 %, by degrees of freedom. */
const studentT = [12.71, 4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31];

/** The first moment without credits for the requests of each second, at the demand of the points and at both ends of its interval. */
export function predictThrottle(
  perSecond: readonly number[],
  points: readonly UsePoint[],
  terms: BankTerms,
): ThrottleMoments {
  const { vcpusAt, share } = fitUse(points);
  const at = (factor: number) => firstThrottleS(perSecond, (rate) => vcpusAt(rate) * factor, terms);
  const [predictedS, earliestS, latestS] = [at(1), at(1 + share), at(1 - share)];
  return {
    ...(predictedS !== undefined && { predictedS }),
    ...(earliestS !== undefined && { earliestS }),
    ...(latestS !== undefined && { latestS }),
  };
}

/** A line through the points, and half the 95 % interval of its height as a share of it: the replay drifts as the samples did. */
function fitUse(points: readonly UsePoint[]) {
  const mean = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
  const rates = points.map(({ ratePerS }) => ratePerS);
  const [rate, use] = [mean(rates), mean(points.map(({ vcpus }) => vcpus))];
  const isOne = Math.max(...rates) < Math.min(...rates) * sameRate;
  const square = (of: (point: UsePoint) => number) => points.reduce((sum, each) => sum + of(each), 0);
  const leastSquares =
    square((each) => (each.ratePerS - rate) * (each.vcpus - use)) / square((each) => (each.ratePerS - rate) ** 2);
  const slope = isOne || !(leastSquares > 0) ? use / rate : leastSquares;
  const vcpusAt = (each: number): number => Math.max(0, use + slope * (each - rate));
  const free = Math.max(1, points.length - (isOne ? 1 : 2));
  const residual = Math.sqrt(square((each) => (each.vcpus / (vcpusAt(each.ratePerS) || 1) - 1) ** 2) / free);
  const t = studentT[Math.min(free, studentT.length) - 1] as number;
  return { vcpusAt, share: Math.min(0.9, Math.max(surest, t * residual * Math.sqrt(2 / points.length))) };
}

/** What does not fit into a second waits for the next. */
function firstThrottleS(
  perSecond: readonly number[],
  vcpusAt: (ratePerS: number) => number,
  { type, start, creditClock }: BankTerms,
): number | undefined {
  let bank = openBank(type, 'standard', start);
  let waiting = 0;
  for (const [second, requests] of perSecond.entries()) {
    const wanted = vcpusAt(requests) + waiting;
    const vcpus = Math.min(type.vcpus, wanted);
    waiting = wanted - vcpus;
    const spent = spendCredits(type, bank, { durationMs: 1000 * creditClock, vcpus });
    if (spent.flow.firstThrottleMs !== undefined) return second + spent.flow.firstThrottleMs / 1000 / creditClock;
    bank = spent.bank;
  }
  return undefined;
}
