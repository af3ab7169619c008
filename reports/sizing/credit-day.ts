// A load through a type's credit bank: when it runs dry, whom that harms, what surplus costs.
import { creditBalance, spendCredits } from '../../model/credit-bank.ts';
import { type CreditStart, openBank } from '../../model/credit-lifecycle.ts';
import { surplusUsd } from '../../model/credit-replay.ts';
import type { BurstableType, CreditMode } from '../../model/instance-catalogue.ts';
import type { LoadPiece } from '../traffic/day-load.ts';

/** What one candidate needs for the load. */
export type CpuDemand = {
  /** vCPU-seconds of this type for one request, at full use. */
  readonly serviceDemandS: number;
  /** The same at the credit baseline, which usual loads are near to: in standard mode in slices, in unlimited mode of requests that come alone. */
  readonly serviceDemandAtBaselineS: number;
  /** Busy without a request. */
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
  /** From the start; absent when it never throttles. */
  readonly hoursToThrottle?: number;
  /** Requests that found no CPU: too many at once, or throttled. */
  readonly requestsHarmed: number;
  /** When the load goes on like the last day. */
  readonly surplusUsdPerMonth: number;
  /** Mean CPU wanted, over the credit baseline: above 1 no balance lasts for ever. */
  readonly meanOverBaseline: number;
  /** Hours since the start, the lowest balance since the entry before, and the mean CPU wanted in percent of all vCPUs; every half hour or so. */
  readonly curve: readonly (readonly [hours: number, balance: number, cpuPercent: number])[];
};

const hoursPerMonth = 730;
/** Of a curve: two an hour in a week. */
const mostEntries = 336;

/** Runs the pieces through the bank from `start`; `startHour` is the hour of the day of the first. */
export function runCreditDay(
  type: BurstableType,
  need: CpuDemand,
  pieces: readonly LoadPiece[],
  options: { readonly mode: CreditMode; readonly start: CreditStart; readonly startHour: number },
): CreditDay {
  let bank = openBank(type, options.mode, options.start);
  let hours = 0;
  let lowest = { balance: creditBalance(bank), at: 0 };
  let throttledHours = 0;
  let firstThrottle: number | undefined;
  let harmed = 0;
  let wanted = 0;
  const totalHours = pieces.reduce((sum, piece) => sum + piece.hours, 0);
  let chargedLastDay = 0;
  const curve = startCurve(totalHours / mostEntries, type.vcpus);
  for (const piece of pieces) {
    const load = wantedVcpus(type, need, piece);
    const { bank: after, flow } = spendCredits(type, bank, { durationMs: piece.hours * 3_600_000, vcpus: load.vcpus });
    bank = after;
    if (flow.firstThrottleMs !== undefined) firstThrottle ??= hours + flow.firstThrottleMs / 3_600_000;
    hours += piece.hours;
    throttledHours += flow.throttledMs / 3_600_000;
    // A minute of a vCPU that was withheld is so many requests of it that were not served in time.
    harmed +=
      load.turnedAwayPerS * piece.hours * 3600 +
      (flow.withheld * 60 * load.requestShare) / need.serviceDemandAtBaselineS;
    wanted += load.vcpus * piece.hours;
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
    meanOverBaseline: ((wanted / hours) * 60) / type.credits.creditsEarnedPerHour,
    curve: curve.finish(),
  };
}

/** Pieces put together until they are so long: a week of minutes has more than a picture can show. */
function startCurve(shortestHours: number, vcpus: number) {
  const entries: [number, number, number][] = [];
  let [begin, end, lowest, wanted] = [0, 0, Number.POSITIVE_INFINITY, 0];
  const close = (): void => {
    entries.push([to(3, end), to(2, lowest), to(2, (100 * wanted) / (end - begin) / vcpus)]);
    [begin, lowest, wanted] = [end, Number.POSITIVE_INFINITY, 0];
  };
  return {
    add(hours: number, balance: number, busy: number): void {
      end += hours;
      lowest = Math.min(lowest, balance);
      wanted += busy * hours;
      // Rounding must not put two pieces into one entry.
      if (end - begin >= shortestHours * 0.999) close();
    },
    /** All entries, with what the last one still lacks. */
    finish(): readonly [number, number, number][] {
      if (end - begin > 1e-6) close();
      return entries;
    },
  };
}

const to = (digits: number, value: number): number => Number(value.toFixed(digits));

/** The CPU that a piece wants of a machine, and the requests per second beyond what it can do at all. */
export function wantedVcpus(type: { readonly vcpus: number }, need: CpuDemand, piece: LoadPiece) {
  const others = Math.min(type.vcpus, need.backgroundVcpus + piece.buildVcpus);
  // The scheduler shares the CPU fairly: builds do not starve the app of more than half of it.
  const usable = Math.min(need.usableVcpus, Math.max(type.vcpus - others, type.vcpus / 2));
  const requests = Math.min(piece.ratePerS * need.serviceDemandAtBaselineS, usable);
  const vcpus = Math.min(type.vcpus, requests + others);
  return {
    vcpus,
    turnedAwayPerS: Math.max(0, piece.ratePerS - usable / need.serviceDemandS),
    requestShare: vcpus === 0 ? 0 : Math.min(1, requests / vcpus),
  };
}
