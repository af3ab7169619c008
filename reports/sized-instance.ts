// One type's verdict, in this order: memory, burst CPU, credits over the day, latency, cost.
import type { CreditStart } from '../model/credit-lifecycle.ts';
import type { BurstableType, CreditMode, InstanceCatalogue, InstanceType } from '../model/instance-catalogue.ts';
import type { Observed } from '../model/observed.ts';
import type { RunRecord } from '../model/run-record.ts';
import { type Candidate, predictCandidate, workersOn } from './candidate.ts';
import { type CreditDay, type Need, runCreditDay } from './credit-day.ts';
import { type Builds, layLoad } from './day-load.ts';
import { formatCount, formatDuration, formatLatency, formatPercent, formatRate } from './format.ts';
import { type LatencyFit, latencyAt } from './latency-fit.ts';
import { fitMemory, type MemoryFit } from './memory-fit.ts';
import type { Estimate } from './regression.ts';
import type { ServiceDemand } from './service-demand.ts';
import type { Traffic } from './traffic.ts';

export type SizeVerdict = 'fits' | 'does-not-fit' | 'inconclusive';
export type SizeLimit = 'memory' | 'burst-cpu' | 'credits' | 'latency' | 'traffic' | 'measurement';

export type SizingInput = {
  readonly run: RunRecord;
  readonly observed: Observed | undefined;
  /** A string says why there is none. */
  readonly demand: ServiceDemand | string;
  readonly traffic: Traffic | undefined;
  readonly builds: Builds | undefined;
  /** Default: each type's own. */
  readonly mode: CreditMode | undefined;
  readonly start: CreditStart;
  /** The app alone, or everything that ran on the observed host. */
  readonly count: 'app' | 'host';
  readonly catalogue: InstanceCatalogue;
};

export type SizedInstance = {
  readonly instanceType: string;
  /** Absent for a type of fixed performance. */
  readonly mode?: CreditMode;
  readonly verdict: SizeVerdict;
  /** What does not fit or is not known; of a type that fits, what is nearest to its end. */
  readonly limitedBy: SizeLimit;
  readonly because: string;
  /** All that was asked, in order. */
  readonly checks: readonly Check[];
  readonly burstPerS?: Estimate;
  readonly sustainedPerS?: Estimate;
  readonly hoursToThrottle?: number;
  readonly memory?: MemoryFit;
  readonly day?: CreditDay;
  readonly latency?: LatencyFit;
  readonly usdPerMonth: number;
  readonly usdPerMillionRequests?: number;
  /** What the same load would cost on a standard type switched to unlimited mode. */
  readonly usdPerMonthUnlimited?: number;
  readonly notes: readonly string[];
};

/** One question of the verdict, answered. */
export type Check = {
  readonly limit: SizeLimit;
  readonly verdict: SizeVerdict;
  readonly because: string;
  /** How much of what there is is used, for a type that fits. */
  readonly used?: number;
};

const hoursPerMonth = 730;
/** AWS Compute Optimizer keeps a fifth of the CPU free by default. */
const cpuHeadroom = 1.2;
/** A week: long enough for a balance that sinks every day to show. */
const daysSimulated = 7;

/** Judges one type. */
export function sizeInstance(input: SizingInput, type: InstanceType): SizedInstance {
  const { run, observed, demand, traffic, count } = input;
  const mode = type.credits && (input.mode ?? type.credits.defaultMode);
  const memory = fitMemory(run, observed, type, count, workersOn(run, type));
  const checks: Check[] = [checkMemory(memory)];
  const candidate = typeof demand === 'string' ? undefined : predictCandidate(run, demand, type, input);
  const day = candidate && traffic && mode ? days(input, candidate, traffic, mode) : undefined;
  const unlimited =
    candidate && traffic && mode === 'standard' ? days(input, candidate, traffic, 'unlimited') : undefined;
  let latency: LatencyFit | undefined;
  if (run.validity.verdict === 'invalid') {
    checks.unshift(unknown('measurement', `the run is invalid: ${run.validity.reasons.join('; ')}`));
  }
  if (typeof demand === 'string') checks.push(unknown('measurement', demand));
  else if (candidate && !traffic)
    checks.push(unknown('traffic', 'how much traffic it gets is not known: give --daily N or --traffic FILE'));
  else if (candidate && traffic) {
    checks.push(checkBurst(candidate, traffic));
    if (day) checks.push(checkCredits(day));
    const utilization = traffic.peakPerS / candidate.burstPerS.value;
    latency = latencyAt(run, demand, utilization, candidate.speed);
    if (latency) checks.push(checkLatency(latency));
  }
  const decisive =
    checks.find((check) => check.verdict === 'does-not-fit') ??
    checks.find((check) => check.verdict === 'inconclusive') ??
    [...checks].sort((a, b) => (b.used ?? 0) - (a.used ?? 0))[0];
  if (!decisive) throw new Error('a type without a check');
  const perMonth = (surplus = 0) => type.usdPerHour * hoursPerMonth + surplus;
  const usdPerMonth = perMonth(day?.value.surplusUsdPerMonth);
  const hoursToThrottle = day?.value.hoursToThrottle;
  return {
    instanceType: type.instanceType,
    ...(mode && { mode }),
    verdict: decisive.verdict,
    limitedBy: decisive.limit,
    because: decisive.because,
    checks,
    ...(candidate && { burstPerS: candidate.burstPerS, sustainedPerS: candidate.sustainedPerS }),
    ...(hoursToThrottle !== undefined && { hoursToThrottle }),
    ...(memory && { memory }),
    ...(day && { day: day.value }),
    ...(latency && { latency }),
    usdPerMonth,
    ...(traffic && { usdPerMillionRequests: usdPerMonth / ((traffic.requestsPerDay * (hoursPerMonth / 24)) / 1e6) }),
    ...(unlimited && { usdPerMonthUnlimited: perMonth(unlimited.value.surplusUsdPerMonth) }),
    notes: candidate ? describeCandidate(candidate) : [],
  };
}

type Days = { readonly value: CreditDay; readonly low: CreditDay; readonly high: CreditDay };

function days(input: SizingInput, candidate: Candidate, traffic: Traffic, mode: CreditMode): Days {
  const type = candidate.type as BurstableType;
  const pieces = layLoad(traffic, input.builds, { vcpus: type.vcpus, speed: candidate.speed }, daysSimulated);
  const start = mode === 'unlimited' && typeof input.start === 'object' ? { ...input.start, launch: 0 } : input.start;
  const run = (need: Need) => runCreditDay(type, need, pieces, { mode, start, startHour: traffic.startHour });
  return { value: run(candidate.need.value), low: run(candidate.need.low), high: run(candidate.need.high) };
}

function checkMemory(memory: MemoryFit | undefined): Check {
  if (!memory) return unknown('memory', 'memory was not observed: run it again with --metrics local or datadog');
  return {
    limit: 'memory',
    verdict: memory.verdict,
    because: memory.because,
    used: memory.neededBytes / memory.guestBytes,
  };
}

function checkBurst({ burstPerS, type }: Candidate, { peakPerS }: Traffic): Check {
  const need = peakPerS * cpuHeadroom;
  const verdict = need <= burstPerS.low ? 'fits' : peakPerS > burstPerS.high ? 'does-not-fit' : 'inconclusive';
  const range = `${formatRate(burstPerS.low)} to ${formatRate(burstPerS.high)}`;
  return {
    limit: 'burst-cpu',
    verdict,
    because: `the busiest hour needs ${formatRate(peakPerS)}, and a fifth more as headroom; a ${type.instanceType} does ${range} as long as it has credits`,
    used: need / burstPerS.value,
  };
}

function checkCredits({ value, low, high }: Days): Check {
  const verdict = high.throttledHours === 0 ? 'fits' : low.throttledHours > 0 ? 'does-not-fit' : 'inconclusive';
  const mean = `on average it wants ${formatPercent(100 * value.meanOverBaseline)} of the credit baseline`;
  const hour = `${String(Math.floor(value.lowestAtHour)).padStart(2, '0')}:00 UTC`;
  const because =
    value.mode === 'unlimited'
      ? `${mean}; unlimited mode never throttles`
      : value.throttledHours === 0
        ? `${mean}; the lowest balance in a week is ${formatCount(value.lowestBalance)} credits, at ${hour}`
        : `${mean}; the credits are gone after ${formatDuration(3600 * (value.hoursToThrottle ?? 0))}, then ${formatDuration((3600 * value.throttledHours * 24) / value.hours)} of a day are throttled and ${formatCount((value.requestsHarmed * 24) / value.hours)} requests a day find no CPU`;
  return { limit: 'credits', verdict, because, used: value.mode === 'unlimited' ? 0 : value.meanOverBaseline };
}

function checkLatency({ broken, stage, p99Us, utilization }: LatencyFit): Check {
  const seen = `in stage "${stage}", at ${formatPercent(100 * utilization)} of the CPU, 99 % took ${formatLatency(p99Us)} or less`;
  return broken.length > 0
    ? { limit: 'latency', verdict: 'does-not-fit', because: `${broken.join(', ')} would not hold: ${seen}` }
    : { limit: 'latency', verdict: 'fits', because: seen, used: 0 };
}

function unknown(limit: SizeLimit, because: string): Check {
  return { limit, verdict: 'inconclusive', because };
}

function describeCandidate({ idleVcpus, workers, assumed }: Candidate): string[] {
  const which = idleVcpus === 1 && workers === 1 ? 'the second vCPU is idle' : `${idleVcpus} vCPUs are idle`;
  return [
    ...(idleVcpus > 0
      ? [
          `${workers === 1 ? 'one process answers' : `${workers} processes answer`}, so ${which}: you pay for memory and credits`,
        ]
      : []),
    assumed,
  ];
}
