// One type's verdict, in this order: memory, burst CPU, credits over the day, latency, cost.
import type { CreditStart } from '../../model/credit-lifecycle.ts';
import type { InstanceCatalogue, InstanceType } from '../../model/instance-catalogue.ts';
import { type BurstableType, type CreditMode, creditBaselineVcpus } from '../../model/instance-catalogue.ts';
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { formatDuration } from '../format/format.ts';
import type { Trend } from '../schema/judged.ts';
import type { Estimate } from '../series/regression.ts';
import { type Builds, layLoad } from '../traffic/day-load.ts';
import type { Traffic } from '../traffic/traffic.ts';
import {
  type Check,
  checkBurst,
  checkCredits,
  checkLatency,
  checkLightLoad,
  checkMemory,
  checkSustainableLoad,
  checkSustainedLatency,
  type Days,
  type SizeLimit,
  type SizeVerdict,
  unknown,
} from './checks.ts';
import { type CpuDemand, type CreditDay, runCreditDay } from './credit-day.ts';
import { type LatencyFit, latencyAt, latencyIn } from './latency-fit.ts';
import { type MeasuredState, type MeasuredType, measuredType, type RunSeen } from './measured-type.ts';
import { fitMemory, type MemoryFit } from './memory-fit.ts';
import { predictType, type TypePrediction, workersOn } from './predict-type.ts';
import { isKnownUse, measureServiceDemand, type ServiceDemand } from './service-demand.ts';
import { daysSimulated, findSustainableLoad, longestDays, type SustainableLoad } from './sustainable-load.ts';

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
  /** Of the run, where its seconds were read: whether memory grows. */
  readonly trends?: readonly Trend[];
  /** Runs on candidates: what was measured there goes before what is predicted. */
  readonly others?: readonly RunSeen[];
};

export type SizedInstance = {
  readonly instanceType: string;
  /** Absent for a type of fixed performance. */
  readonly mode?: CreditMode;
  /** Without traffic it is about what `sustainableLoad` says. */
  readonly verdict: SizeVerdict;
  /** What does not fit or is not known; of a type that fits, what is nearest to its end. */
  readonly limitedBy: SizeLimit;
  readonly because: string;
  /** All that was asked, in order. */
  readonly checks: readonly Check[];
  /** Predicted from the run. */
  readonly burstPerS?: Estimate;
  readonly sustainedPerS?: Estimate;
  /** In a run on the type itself. */
  readonly measured?: MeasuredType;
  readonly hoursToThrottle?: number;
  /** Up to which load it fits, when the traffic is not known. */
  readonly sustainableLoad?: SustainableLoad;
  readonly memory?: MemoryFit;
  readonly day?: CreditDay;
  readonly latency?: LatencyFit;
  /** At full use of the credit baseline, where it was measured. */
  readonly sustainedLatency?: LatencyFit;
  /** From the start of the app until it listens, when there is no credit left; the pages that nobody asked for yet come on top. */
  readonly startAtBaselineS?: number;
  readonly usdPerMonth: number;
  readonly usdPerMillionRequests?: number;
  /** What the same load would cost on a standard type switched to unlimited mode. */
  readonly usdPerMonthUnlimited?: number;
  readonly notes: readonly string[];
};

const hoursPerMonth = 730;
/** Without traffic, latency is looked up where a fifth of the CPU is left. */
const usualUtilization = 0.8;

/** Judges one type. */
export function sizeInstance(input: SizingInput, type: InstanceType): SizedInstance {
  const { run, observed, demand, traffic, count } = input;
  const mode = type.credits && (input.mode ?? type.credits.defaultMode);
  const own = [input, ...(input.others ?? [])].find((seen) => seen.run.target.instanceType === type.instanceType);
  const measured = own && measuredType(own);
  const memory = fitMemory(
    own?.run ?? run,
    own?.observed ?? observed,
    type,
    count,
    workersOn(run, type),
    own && own !== input ? [] : input.trends,
  );
  const checks: Check[] = [checkMemory(memory)];
  const candidate = typeof demand === 'string' ? undefined : predictType(run, demand, type, input);
  const full =
    own !== undefined && wasUsedUp(own.run, own === input ? demand : measureServiceDemand(own.run, own.observed));
  const seen = candidate && asMeasured(candidate, full ? measured : withoutBurst(measured));
  const told = (use: number) => typeof demand !== 'string' && isKnownUse(demand, use);
  // What a type did itself at full use is known, however light the load of the run was that it would have been predicted from.
  const known = (use: number) => (full && measured?.burst !== undefined) || told(use);
  const tooLight = seen && !known(traffic ? traffic.peakPerS / seen.burstPerS.value : baselineUse(type, seen));
  const judged = tooLight ? undefined : seen;
  const day = judged && traffic && mode ? days(input, judged, traffic, mode) : undefined;
  // Nothing is held back there, and light requests come alone: another demand than in standard mode.
  const free =
    judged && traffic && mode === 'standard' && typeof demand !== 'string'
      ? asMeasured(
          predictType(run, demand, type, { ...input, mode: 'unlimited' }),
          full ? measured : withoutBurst(measured),
        )
      : undefined;
  const unlimited = free && traffic ? days(input, free, traffic, 'unlimited') : undefined;
  const sustainableLoad = judged && !traffic ? findSustainableLoad(judged, mode, input.builds, known(1)) : undefined;
  let latency: LatencyFit | undefined;
  if (run.validity.verdict === 'invalid') {
    checks.unshift(
      unknown('measurement', `the run is invalid: ${run.validity.reasons.map(({ text }) => text).join('; ')}`),
    );
  }
  if (run.status === 'interrupted' || run.status === 'running') {
    checks.unshift(
      unknown('measurement', `the run did not come to its end: ${run.statusReason?.text ?? 'it is partial'}`),
    );
  }
  if (traffic?.doubt !== undefined) checks.push(unknown('measurement', `${traffic.source}: ${traffic.doubt}`));
  if (typeof demand === 'string') checks.push(unknown('measurement', demand));
  else if (seen) {
    if (tooLight) checks.push(checkLightLoad(demand.lightUse ?? 0));
    if (sustainableLoad) checks.push(checkSustainableLoad(sustainableLoad));
    if (judged && traffic) checks.push(checkBurst(judged.burstPerS, type.instanceType, traffic, known(1)));
    if (day) checks.push(checkCredits(day));
    const utilization = traffic ? traffic.peakPerS / seen.burstPerS.value : usualUtilization;
    // This run's own latency is looked up at the traffic; what another one measured on the type is that of its highest throughput.
    const asItWas = traffic && own === input ? undefined : latencyIn(own?.run ?? run, measured?.burst?.number);
    // A run without credits shows nothing of the latency with them.
    latency = asItWas ?? (demand.atBaseline ? undefined : latencyAt(run, demand, utilization, seen.speed));
    if (latency) checks.push(checkLatency(latency));
  }
  // Nobody meets that state in a day that never throttles.
  const sustainedLatency = own && latencyIn(own.run, measured?.sustained?.number);
  const reached = sustainableLoad !== undefined || (day?.high.throttledHours ?? 0) > 0;
  if (sustainedLatency && measured && reached) checks.push(checkSustainedLatency(sustainedLatency, measured));
  const decisive =
    checks.find((check) => check.verdict === 'does-not-fit') ??
    checks.find((check) => check.verdict === 'inconclusive') ??
    [...checks].sort((a, b) => (b.used ?? 0) - (a.used ?? 0))[0];
  if (!decisive) throw new Error('a type without a check');
  const perMonth = (surplus = 0) => type.usdPerHour * hoursPerMonth + surplus;
  const usdPerMonth = perMonth(day?.value.surplusUsdPerMonth);
  const hoursToThrottle = day?.value.hoursToThrottle ?? sustainableLoad?.burstHours?.launch;
  // What a run without credits measured is no prediction of it.
  const isItself = own === input && typeof demand !== 'string' && demand.atBaseline;
  const startAtBaselineS = coldStart(own?.run ?? run, type, candidate);
  return {
    instanceType: type.instanceType,
    ...(mode && { mode }),
    verdict: decisive.verdict,
    limitedBy: decisive.limit,
    because: decisive.because,
    checks,
    ...(candidate && told(1) && { burstPerS: candidate.burstPerS }),
    ...(candidate && !isItself && told(baselineUse(type, candidate)) && { sustainedPerS: candidate.sustainedPerS }),
    ...(measured && { measured }),
    ...(hoursToThrottle !== undefined && { hoursToThrottle }),
    ...(sustainableLoad && { sustainableLoad }),
    ...(memory && { memory }),
    ...(day && { day: day.value }),
    ...(latency && { latency }),
    ...(sustainedLatency && { sustainedLatency }),
    ...(startAtBaselineS !== undefined && { startAtBaselineS }),
    usdPerMonth,
    ...(traffic && { usdPerMillionRequests: perMillion(usdPerMonth, traffic.requestsPerDay) }),
    ...(unlimited && { usdPerMonthUnlimited: perMonth(unlimited.value.surplusUsdPerMonth) }),
    notes: [...(candidate ? describeCandidate(candidate) : []), ...describeStart(startAtBaselineS)],
  };
}

/** Dollars, in six digits: what is left of the sum of the hours is the noise of binary fractions. */
function perMillion(usdPerMonth: number, requestsPerDay: number): number {
  return Number(((usdPerMonth * 24e6) / (requestsPerDay * hoursPerMonth)).toPrecision(6));
}

/** Whether the run on a type used what its app can use; without CPU samples, whether throughput stopped rising. */
function wasUsedUp(run: RunRecord, demand: ServiceDemand | string): boolean {
  return typeof demand === 'string' ? run.saturation !== undefined : isKnownUse(demand, 1);
}

function withoutBurst(measured: MeasuredType | undefined): MeasuredType | undefined {
  if (!measured) return undefined;
  const { burst: _, ...rest } = measured;
  return rest;
}

/** Of the CPU that the app can use on a type, what its credit baseline is. */
function baselineUse(type: InstanceType, { need }: TypePrediction): number {
  return type.credits ? creditBaselineVcpus(type.credits) / need.value.usableVcpus : 1;
}

/**
 * A candidate that costs per request what it was measured to cost. Of a measured rate the interval is what its stages differ by; of the
 * other one, that of the prediction in proportion.
 */
function asMeasured(candidate: TypePrediction, measured: MeasuredType | undefined): TypePrediction {
  const burst = rateOf(candidate.burstPerS, measured?.burst);
  const sustained = rateOf(candidate.sustainedPerS, measured?.sustained, measured?.burst && burst.times.value);
  const costing = (each: CpuDemand, end: keyof Estimate): CpuDemand => ({
    ...each,
    serviceDemandS: each.serviceDemandS / burst.times[end],
    serviceDemandAtBaselineS: each.serviceDemandAtBaselineS / sustained.times[end],
  });
  const { value, low, high } = candidate.need;
  return {
    ...candidate,
    burstPerS: burst.perS,
    sustainedPerS: sustained.perS,
    // The cheap end is that of the higher rate.
    need: { value: costing(value, 'value'), low: costing(low, 'high'), high: costing(high, 'low') },
  };
}

/** The rate as it was measured, and how many times the predicted one that is at each end; without one, `factor` times the predicted. */
function rateOf(predicted: Estimate, measured: MeasuredState | undefined, factor = 1) {
  const perS = measured
    ? { value: measured.perS, low: measured.lowestPerS, high: measured.perS }
    : { value: predicted.value * factor, low: predicted.low * factor, high: predicted.high * factor };
  // Of a prediction of nothing no share can be told.
  const times = (end: keyof Estimate) => (predicted[end] > 0 ? perS[end] / predicted[end] : 1);
  return { perS, times: { value: times('value'), low: times('low'), high: times('high') } };
}

function days(input: SizingInput, candidate: TypePrediction, traffic: Traffic, mode: CreditMode): Days {
  const type = candidate.type as BurstableType;
  const pieces = layLoad(traffic, input.builds, { vcpus: type.vcpus, speed: candidate.speed }, daysSimulated);
  const start = mode === 'unlimited' && typeof input.start === 'object' ? { ...input.start, launch: 0 } : input.start;
  const options = { mode, start, startHour: traffic.startHour };
  const run = (need: CpuDemand) => {
    const week = runCreditDay(type, need, pieces, options);
    if (mode === 'unlimited' || week.throttledHours > 0 || week.meanOverBaseline <= 1) return week;
    // It sinks, and the week is over before the balance is: when it ends is what counts.
    const year = layLoad(traffic, input.builds, { vcpus: type.vcpus, speed: candidate.speed }, longestDays);
    return { ...runCreditDay(type, need, year, options), curve: week.curve };
  };
  return { value: run(candidate.need.value), low: run(candidate.need.low), high: run(candidate.need.high) };
}

function coldStart(
  { target }: RunRecord,
  type: InstanceType,
  candidate: TypePrediction | undefined,
): number | undefined {
  if (!type.credits || !candidate || target.startCpuS === undefined || target.vcpuShare === undefined) return undefined;
  return target.startCpuS / target.vcpuShare / candidate.speed / creditBaselineVcpus(type.credits);
}

function describeStart(startAtBaselineS: number | undefined): string[] {
  return startAtBaselineS === undefined
    ? []
    : [
        `a restart without credits, as after a crash, takes ${formatDuration(startAtBaselineS)} until the app listens, and its code is slow until it was compiled hot`,
      ];
}

function describeCandidate({ idleVcpus, workers, assumed }: TypePrediction): string[] {
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
