// One type's verdict: its figures, the checks on them, and the check that decides.
import type { CreditMode, InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import { present } from '../../model/present.ts';
import type { NetworkFigures, SustainableLoad } from '../schema/check-findings.ts';
import type { SizingFinding } from '../schema/sizing-findings.ts';
import type { Estimate } from '../series/regression.ts';
import { allChecks } from './checks.ts';
import { isKnownUse } from './demand/service-demand.ts';
import type { Check, SizeLimit, SizeVerdict } from './fits/check.ts';
import type { LatencyFit } from './fits/latency-fit.ts';
import type { MemoryFit } from './fits/memory-fit.ts';
import type { CreditDay } from './rates/credit-day.ts';
import type { MeasuredType } from './rates/measured-type.ts';
import type { OnEc2 } from './rates/on-ec2.ts';
import { capBySlo, type WithinSlo } from './rates/within-slo.ts';
import type { SizingInput } from './type-basis.ts';
import { baselineUse, findFigures, type TypeFigures } from './type-figures.ts';

export type SizedInstance = {
  readonly instanceType: string;
  /** Absent for a type of fixed performance. */
  readonly mode?: CreditMode;
  /** Without traffic it is about the load in `sustainableLoad`. */
  readonly verdict: SizeVerdict;
  /** What does not fit or is inconclusive; of a type that fits, the resource that is used most. */
  readonly limitedBy: SizeLimit;
  readonly because: Check['because'];
  /** The verdict in a few words. */
  readonly summary: SizingFinding<
    'summary-fits' | 'summary-fits-up-to' | 'summary-does-not-fit' | 'summary-inconclusive'
  >;
  readonly checks: readonly Check[];
  /** Predicted from the run. */
  readonly burstPerS?: Estimate;
  readonly sustainedPerS?: Estimate;
  /** On EC2: the measured rates, else the predicted ones; absent where the speed of this machine's core was not measured. */
  readonly onEc2?: OnEc2;
  /** What the verdict rests on while there are CPU credits: on EC2 where `onEc2` is present. Absent where the rate at the SLO was not measured. */
  readonly withinSlo?: WithinSlo;
  /** In a run on the type itself. */
  readonly measured?: MeasuredType;
  /** At full load without traffic, else in the week of the traffic; absent when it never throttles, and when it is not known. */
  readonly hoursToThrottle?: number;
  /** The same in words; absent when it is not known. */
  readonly timeToThrottle?: SizingFinding<'throttles-after' | 'never-throttles'>;
  /** Up to which load it fits, when the traffic is not known. */
  readonly sustainableLoad?: SustainableLoad;
  readonly memory?: MemoryFit;
  /** Of a run with bytes, and a type whose bandwidth is known. */
  readonly network?: NetworkFigures;
  readonly day?: CreditDay;
  readonly latency?: LatencyFit;
  /** At full use of the baseline performance, where it was measured. */
  readonly sustainedLatency?: LatencyFit;
  /** Seconds from the start of the app until it listens, without CPU credits. */
  readonly startAtBaselineS?: number;
  /** Absent for a type without a price. */
  readonly usdPerMonth?: number;
  readonly usdPerMillionRequests?: number;
  /** What the same workload would cost in unlimited mode, for a type in standard mode. */
  readonly usdPerMonthUnlimited?: number;
  /** What was assumed. */
  readonly notes: readonly SizingFinding[];
};

const hoursPerMonth = 730;

/** Judges one type. */
export function sizeInstance(input: SizingInput, type: InstanceType): SizedInstance {
  const figures = findFigures(input, type);
  const checks = allChecks.map((check) => check(figures)).filter((check) => check !== undefined);
  const { verdict, limit, because } = decide(checks);
  return {
    instanceType: type.instanceType,
    ...present({ mode: figures.mode }),
    verdict,
    limitedBy: limit,
    because,
    summary: summarize(verdict, figures.sustainableLoad),
    checks,
    ...predictedRates(figures),
    ...findOnEc2(figures),
    ...timeToThrottle(figures),
    ...stated(figures),
    ...costs(figures),
    notes: notes(figures),
  };
}

/** The first check that fails, else the first that is inconclusive, else the one that uses most of its resource. */
function decide(checks: readonly Check[]): Check {
  const decisive =
    checks.find((check) => check.verdict === 'does-not-fit') ??
    checks.find((check) => check.verdict === 'inconclusive') ??
    [...checks].sort((a, b) => (b.used ?? 0) - (a.used ?? 0))[0];
  if (!decisive) throw new Error('a type without a check');
  return decisive;
}

function summarize(verdict: SizeVerdict, load: SustainableLoad | undefined): SizedInstance['summary'] {
  if (verdict === 'fits' && load) {
    const { value: perS, ...interval } = load.sustainedPerS;
    return { code: 'summary-fits-up-to', perS, ...interval, ...(load.vcpuOfACore && { onEc2: true }) };
  }
  return { code: `summary-${verdict}` };
}

/** Predicted rates, as far as the load of the run says anything about them. */
function predictedRates({
  input,
  own,
  demand,
  prediction,
}: TypeFigures): Pick<SizedInstance, 'burstPerS' | 'sustainedPerS'> {
  if (!prediction || !demand) return {};
  // A run without credits measured its own sustained rate and predicts nothing of it.
  const isItself = own === input && (demand.atBaseline || demand.used.blocks?.sliceS !== undefined);
  return {
    ...(isKnownUse(demand, 1) && { burstPerS: prediction.burstPerS }),
    ...(!isItself && isKnownUse(demand, baselineUse(prediction)) && { sustainedPerS: prediction.sustainedPerS }),
  };
}

/** The rates that the verdict rests on, as far as the load says anything about them. */
function findOnEc2({ onVcpus, withinSlo, isFullUseKnown, isTooLight }: TypeFigures): Pick<SizedInstance, 'onEc2'> {
  if (!onVcpus?.vcpuOfACore || isTooLight) return {};
  const { prediction, vcpuOfACore } = onVcpus;
  const { burstPerS, sustainedPerS } = prediction;
  return {
    onEc2: { ...(isFullUseKnown && { burstPerS }), sustainedPerS: capBySlo(sustainedPerS, withinSlo), vcpuOfACore },
  };
}

function timeToThrottle({
  credits,
  sustainableLoad,
}: TypeFigures): Pick<SizedInstance, 'hoursToThrottle' | 'timeToThrottle'> {
  const hoursToThrottle = credits?.value.hoursToThrottle ?? sustainableLoad?.hoursToThrottle?.launch;
  if (hoursToThrottle !== undefined)
    return { hoursToThrottle, timeToThrottle: { code: 'throttles-after', hoursToThrottle } };
  return credits || sustainableLoad ? { timeToThrottle: { code: 'never-throttles' } } : {};
}

/** The figures that a sizing states as they were found. */
function stated({ isFullUseKnown, credits, ...figures }: TypeFigures) {
  const { measured, sustainableLoad, memory, network, latency, sustainedLatency, startAtBaselineS } = figures;
  const withinSlo = isFullUseKnown ? figures.withinSlo : undefined;
  const known = present({ withinSlo, measured, sustainableLoad, memory, network, day: credits?.value });
  return { ...known, ...present({ latency, sustainedLatency, startAtBaselineS }) };
}

function costs({ type, input: { traffic }, credits, unlimitedCredits }: TypeFigures) {
  const { usdPerHour } = type;
  if (usdPerHour === undefined) return {};
  const perMonth = (surplusUsd = 0) => usdPerHour * hoursPerMonth + surplusUsd;
  const usdPerMonth = perMonth(credits?.value.surplusUsdPerMonth);
  return {
    usdPerMonth,
    ...(traffic && { usdPerMillionRequests: perMillion(usdPerMonth, traffic.requestsPerDay) }),
    ...(unlimitedCredits && { usdPerMonthUnlimited: perMonth(unlimitedCredits.value.surplusUsdPerMonth) }),
  };
}

/** Dollars to six digits: the rest is the rounding of binary fractions. */
function perMillion(usdPerMonth: number, requestsPerDay: number): number {
  return Number(((usdPerMonth * 24e6) / (requestsPerDay * hoursPerMonth)).toPrecision(6));
}

function notes(figures: TypeFigures): readonly SizingFinding[] {
  const { type, prediction, onVcpus, startAtBaselineS } = figures;
  const { instanceType, vcpus, promisedVcpus } = type;
  return [
    ...(promisedVcpus === undefined ? [] : [{ code: 'vcpus-promised', instanceType, vcpus, promisedVcpus } as const]),
    ...(prediction?.assumptions ?? []),
    ...(onVcpus?.assumptions ?? []),
    ...(startAtBaselineS === undefined ? [] : [{ code: 'cold-start', startS: startAtBaselineS } as const]),
  ];
}
