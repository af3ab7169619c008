// A load on a type's CPU credits: when they run out, how many requests that harms, what surplus credits cost.

import type { BurstableType, CreditMode } from '../../../model/catalogue/instance-catalogue.ts';
import { creditBalance, spendCredits } from '../../../model/credits/credit-bank.ts';
import { type CreditStart, openBank } from '../../../model/credits/credit-lifecycle.ts';
import { surplusUsd } from '../../../model/credits/credit-replay.ts';
import type { LoadPiece } from '../../traffic/day-load.ts';

/** What requests, and everything else that runs, demand of a type's CPU. */
export type CpuDemand = {
  /** vCPU-seconds of this type for one request, at full use. */
  readonly serviceDemandS: number;
  /** The same at the baseline performance: in standard mode in slices, in unlimited mode of requests that come alone. */
  readonly serviceDemandAtBaselineS: number;
  /** In use without a request. */
  readonly backgroundVcpus: number;
  /** The most that the app's processes can use. */
  readonly usableVcpus: number;
};

export type CreditDay = {
  readonly mode: CreditMode;
  readonly hours: number;
  readonly lowestBalance: number;
  /** Hour of the day (UTC) at which it was lowest. */
  readonly lowestAtHour: number;
  readonly throttledHours: number;
  /** Time to throttle, from the start; absent when it never throttles. */
  readonly hoursToThrottle?: number;
  /** Requests beyond the CPU: more than full use serves, or throttled. */
  readonly requestsHarmed: number;
  /** When the load continues like the last day. */
  readonly surplusUsdPerMonth: number;
  /** Mean CPU demand divided by the baseline performance: above 1 every balance runs out. */
  readonly meanOverBaseline: number;
  /** Hours since the start, the lowest balance since the previous entry, and the mean CPU demand in percent of all vCPUs; about every half hour. */
  readonly curve: readonly (readonly [hours: number, balance: number, cpuPercent: number])[];
};

const hoursPerMonth = 730;
/** Of a curve: two an hour for a week. */
const mostEntries = 336;

/** Spends the credits of a type on the pieces, from `start`; `startHour` is the hour of the day of the first piece. */
export function runCreditDay(
  type: BurstableType,
  cpu: CpuDemand,
  pieces: readonly LoadPiece[],
  options: { readonly mode: CreditMode; readonly start: CreditStart; readonly startHour: number },
): CreditDay {
  let bank = openBank(type, options.mode, options.start);
  let hours = 0;
  let lowest = { balance: creditBalance(bank), at: 0 };
  let throttledHours = 0;
  let firstThrottle: number | undefined;
  let harmed = 0;
  let demanded = 0;
  const totalHours = pieces.reduce((sum, piece) => sum + piece.hours, 0);
  let chargedLastDay = 0;
  const curve = startCurve(totalHours / mostEntries, type.vcpus);
  for (const piece of pieces) {
    const load = demandedVcpus(type, cpu, piece);
    const { bank: after, flow } = spendCredits(type, bank, { durationMs: piece.hours * 3_600_000, vcpus: load.vcpus });
    bank = after;
    if (flow.firstThrottleMs !== undefined) firstThrottle ??= hours + flow.firstThrottleMs / 3_600_000;
    hours += piece.hours;
    throttledHours += flow.throttledMs / 3_600_000;
    // A vCPU-minute withheld is so many requests not served in time.
    harmed +=
      load.turnedAwayPerS * piece.hours * 3600 +
      (flow.withheld * 60 * load.requestShare) / cpu.serviceDemandAtBaselineS;
    demanded += load.vcpus * piece.hours;
    if (hours > totalHours - 24) chargedLastDay += flow.surplusCharged;
    const balance = creditBalance(bank);
    if (balance < lowest.balance) lowest = { balance, at: hours };
    curve.add(piece.hours, balance, load.vcpus);
  }
  const lastHours = Math.min(24, totalHours);
  return {
    mode: options.mode,
    hours,
    lowestBalance: lowest.balance,
    lowestAtHour: (options.startHour + lowest.at) % 24,
    throttledHours,
    ...(firstThrottle !== undefined && { hoursToThrottle: firstThrottle }),
    requestsHarmed: harmed,
    surplusUsdPerMonth: (surplusUsd(type, chargedLastDay) / lastHours) * hoursPerMonth,
    meanOverBaseline: ((demanded / hours) * 60) / type.credits.creditsEarnedPerHour,
    curve: curve.finish(),
  };
}

/** Joins pieces until they are so long: a week of minutes has more than a chart can show. */
function startCurve(shortestHours: number, vcpus: number) {
  const entries: [number, number, number][] = [];
  let [begin, end, lowest, demanded] = [0, 0, Number.POSITIVE_INFINITY, 0];
  const close = (): void => {
    entries.push([to(3, end), to(2, lowest), to(2, (100 * demanded) / (end - begin) / vcpus)]);
    [begin, lowest, demanded] = [end, Number.POSITIVE_INFINITY, 0];
  };
  return {
    add(hours: number, balance: number, busy: number): void {
      end += hours;
      lowest = Math.min(lowest, balance);
      demanded += busy * hours;
      // Rounding must not put two pieces into one entry.
      if (end - begin >= shortestHours * 0.999) close();
    },
    /** All entries, the last one included. */
    finish(): readonly [number, number, number][] {
      if (end - begin > 1e-6) close();
      return entries;
    },
  };
}

const to = (digits: number, value: number): number => Number(value.toFixed(digits));

/** The CPU that a piece demands of a type, the requests per second beyond what it can serve, and the share of requests in its CPU. */
function demandedVcpus(type: { readonly vcpus: number }, cpu: CpuDemand, piece: LoadPiece) {
  const others = Math.min(type.vcpus, cpu.backgroundVcpus + piece.buildVcpus);
  // The scheduler shares the CPU fairly: builds leave the app at least half of it.
  const usable = Math.min(cpu.usableVcpus, Math.max(type.vcpus - others, type.vcpus / 2));
  const requests = Math.min(piece.ratePerS * cpu.serviceDemandAtBaselineS, usable);
  const vcpus = Math.min(type.vcpus, requests + others);
  return {
    vcpus,
    turnedAwayPerS: Math.max(0, piece.ratePerS - usable / cpu.serviceDemandS),
    requestShare: vcpus === 0 ? 0 : Math.min(1, requests / vcpus),
  };
}
