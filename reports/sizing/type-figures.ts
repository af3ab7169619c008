// Everything that is known of one type before it is judged: measured, predicted and simulated.

import type { CreditMode, InstanceCatalogue, InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import { creditBaselineVcpus, creditModeOf } from '../../model/catalogue/instance-catalogue.ts';
import type { CreditStart } from '../../model/credits/credit-lifecycle.ts';
import type { Observed } from '../../model/observed.ts';
import { present } from '../../model/present.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { coresPerVcpu } from '../measured/whole-vcpus.ts';
import type { Trend } from '../schema/judged.ts';
import type { NetworkFigures, SustainableLoad } from '../schema/sizing-findings.ts';
import type { Estimate } from '../series/regression.ts';
import type { Builds } from '../traffic/day-load.ts';
import type { Traffic } from '../traffic/traffic.ts';
import { addEstimates, exactly } from './demand/estimate.ts';
import { findOthers, type Others } from './demand/others.ts';
import {
  isKnownUse,
  type MissingDemand,
  measureServiceDemand,
  presentDemand,
  type ServiceDemand,
} from './demand/service-demand.ts';
import { type LatencyFit, latencyAt, latencyIn } from './fits/latency-fit.ts';
import { fitMemory, type MemoryFit } from './fits/memory-fit.ts';
import { capByNetwork, fitNetwork } from './fits/network-fit.ts';
import { besideOthers } from './rates/beside-others.ts';
import { withMeasuredRates } from './rates/measured-rates.ts';
import { type MeasuredType, measuredType, type RunSeen } from './rates/measured-type.ts';
import { type OnItsVcpus, onItsVcpus } from './rates/on-ec2.ts';
import { predictType, type TypePrediction, workersOn } from './rates/predict-type.ts';
import { findSustainableLoad } from './rates/sustainable-load.ts';
import { simulateWorkload, type WorkloadCredits } from './rates/workload-credits.ts';

export type SizingInput = {
  readonly run: RunRecord;
  readonly observed: Observed | undefined;
  readonly demand: ServiceDemand | MissingDemand;
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
  /** Runs on other types: what they measured replaces what is predicted. */
  readonly others?: readonly RunSeen[];
};

/** What the run on the type itself, and the prediction from the measured run, say. */
type Basis = {
  readonly input: SizingInput;
  readonly type: InstanceType;
  /** Absent for a type of fixed performance. */
  readonly mode: CreditMode | undefined;
  readonly demand: ServiceDemand | undefined;
  /** The run on the type itself. */
  readonly own: RunSeen | undefined;
  readonly measured: MeasuredType | undefined;
  /** What `own` measured, without a burst rate of a load that did not use the CPU up. */
  readonly trusted: MeasuredType | undefined;
  readonly prediction: TypePrediction | undefined;
  /** The prediction with the measured rates: of the cores, or the real instance, that were measured. */
  readonly corrected: TypePrediction | undefined;
  /** The same on the type's own vCPUs, beside the other programs: what the verdict rests on. */
  readonly onVcpus: OnItsVcpus | undefined;
  /** What else is counted. */
  readonly others: Others;
};

export type TypeFigures = Basis & {
  readonly memory: MemoryFit | undefined;
  /** The heaviest load of the run was too light to predict what the verdict is about. */
  readonly isTooLight: boolean;
  /** Whether full use of the type is known. */
  readonly isFullUseKnown: boolean;
  readonly credits: WorkloadCredits | undefined;
  /** In unlimited mode, for a type in standard mode. */
  readonly unlimitedCredits: WorkloadCredits | undefined;
  /** Of a run with bytes, and a type whose bandwidth is known. */
  readonly network: NetworkFigures | undefined;
  /** Without traffic: what CPU and network both sustain, and the CPU alone. */
  readonly sustainableLoad: SustainableLoad | undefined;
  readonly cpuSustainedPerS: number | undefined;
  readonly latency: LatencyFit | undefined;
  /** At full use of the baseline performance, where it was measured. */
  readonly sustainedLatency: LatencyFit | undefined;
  readonly startAtBaselineS: number | undefined;
};

/** Without traffic, latency is looked up where a fifth of the CPU is free. */
const usualUtilization = 0.8;

/** Finds the figures of one type. */
export function findFigures(input: SizingInput, type: InstanceType): TypeFigures {
  const basis = findBasis(input, type);
  const { onVcpus, mode } = basis;
  const { traffic, builds } = input;
  const isFullUseKnown = isKnown(basis, 1);
  const judgedOn = onVcpus?.prediction;
  const verdictUse = judgedOn && (traffic ? traffic.peakPerS / judgedOn.burstPerS.value : baselineUse(judgedOn));
  const isTooLight = verdictUse !== undefined && !isKnown(basis, verdictUse);
  const judged = isTooLight ? undefined : judgedOn;
  const load = judged && !traffic ? findSustainableLoad(judged, mode, builds, isFullUseKnown) : undefined;
  const network = fitNetwork(input.run, type);
  return {
    ...basis,
    memory: findMemory(basis),
    isTooLight,
    isFullUseKnown,
    credits: judged && traffic && mode && simulateWorkload({ ...input, traffic }, judged, mode),
    unlimitedCredits: judged && simulateUnlimited(basis),
    network,
    sustainableLoad: load && { ...capByNetwork(load, network), ...present({ vcpuOfACore: onVcpus?.vcpuOfACore }) },
    cpuSustainedPerS: load?.sustainedPerS.value,
    latency: findLatency(basis),
    sustainedLatency: basis.own && latencyIn(basis.own.run, basis.measured?.sustained?.number),
    startAtBaselineS: findColdStart(basis),
  };
}

function findBasis(input: SizingInput, type: InstanceType): Basis {
  const { run } = input;
  const own = [input, ...(input.others ?? [])].find((seen) => seen.run.target.instanceType === type.instanceType);
  const measured = own && measuredType(own);
  const demand = presentDemand(input.demand);
  const prediction = demand && predictType(run, demand, type, input);
  const isUsedUp =
    own !== undefined && usedUp(own, own === input ? input.demand : measureServiceDemand(own.run, own.observed));
  const trusted = isUsedUp ? measured : withoutBurst(measured);
  const corrected = prediction && withMeasuredRates(prediction, trusted);
  const others = findOthers(input, input.count, demand);
  const onVcpus = corrected && onItsVcpus(run, corrected, input.catalogue);
  // Beside the programs of a real host its own rates were measured; those of an emulated machine were not.
  const isBeside = trusted?.burst !== undefined && own?.run.target.vcpuShare === undefined;
  const rest = (speed: number) => othersOn(others, isBeside ? 0 : others.measuredVcpus / speed);
  return {
    input,
    type,
    mode: creditModeOf(type, input.mode),
    demand,
    own,
    measured,
    trusted,
    prediction: prediction && besideOthers(prediction, othersOn(others, others.measuredVcpus / prediction.speed)),
    corrected,
    onVcpus: onVcpus && { ...onVcpus, prediction: besideOthers(onVcpus.prediction, rest(onVcpus.prediction.speed)) },
    others,
  };
}

/** In vCPUs of a type: a footprint is that of such a vCPU already. */
function othersOn({ assumed }: Others, measuredVcpus: number): Estimate {
  return addEstimates([exactly(measuredVcpus), ...assumed.flatMap(({ vcpus }) => vcpus ?? [])]);
}

/** Whether the run used all CPU that its app can use; without CPU samples, whether throughput stopped rising. */
function usedUp({ run }: RunSeen, found: ServiceDemand | MissingDemand): boolean {
  const demand = presentDemand(found);
  return demand ? isKnownUse(demand, 1) : run.saturation !== undefined;
}

function withoutBurst(measured: MeasuredType | undefined): MeasuredType | undefined {
  if (!measured) return undefined;
  const { burst: _, ...rest } = measured;
  return rest;
}

/** A type that was measured at full use is known at every use, however light the load of the predicting run was. */
function isKnown({ trusted, demand }: Basis, use: number): boolean {
  return trusted?.burst !== undefined || (demand !== undefined && isKnownUse(demand, use));
}

/** The baseline performance as a share of the CPU that the app can use. */
export function baselineUse({ type, cpu }: TypePrediction): number {
  return type.credits ? creditBaselineVcpus(type.credits) / cpu.value.usableVcpus : 1;
}

function findMemory({ input, own, type, others }: Basis): MemoryFit | undefined {
  const { run, observed } = own ?? input;
  const trends = own && own !== input ? [] : (input.trends ?? []);
  return fitMemory({ run, observed, count: input.count, workers: workersOn(input.run, type), trends, others }, type);
}

/** In unlimited mode nothing is throttled and light requests come alone: the service demand differs from that of standard mode. */
function simulateUnlimited({ input, type, mode, demand, trusted, others }: Basis): WorkloadCredits | undefined {
  const { run, traffic, catalogue } = input;
  if (!traffic || !demand || mode !== 'standard' || type.credits?.maxSurplusCredits === undefined) return undefined;
  const inCores = withMeasuredRates(predictType(run, demand, type, { ...input, mode: 'unlimited' }), trusted);
  const { prediction } = onItsVcpus(run, inCores, catalogue);
  const beside = besideOthers(prediction, othersOn(others, others.measuredVcpus / prediction.speed));
  return simulateWorkload({ ...input, traffic }, beside, 'unlimited');
}

/** The run's own latency is looked up at the traffic; another run on the type gives that of its highest throughput. */
function findLatency({ input, own, measured, demand, onVcpus }: Basis): LatencyFit | undefined {
  const { run, traffic } = input;
  if (!demand || !onVcpus) return undefined;
  const unchanged = traffic && own === input ? undefined : latencyIn(own?.run ?? run, measured?.burst?.number);
  // A run without credits shows nothing of the burst latency.
  if (unchanged || demand.atBaseline) return unchanged;
  const utilization = traffic ? traffic.peakPerS / onVcpus.prediction.burstPerS.value : usualUtilization;
  return latencyAt(run, demand, utilization, onVcpus.prediction.speed);
}

/** Seconds from the start of the app until it listens, without CPU credits; undefined when the start was not measured. */
function findColdStart({ input, own, type, onVcpus }: Basis): number | undefined {
  const run = own?.run ?? input.run;
  const { startCpuS, vcpuShare } = run.target;
  if (!type.credits || !onVcpus || startCpuS === undefined || vcpuShare === undefined) return undefined;
  return (
    startCpuS / coresPerVcpu(run, { role: 'sustained' }) / onVcpus.prediction.speed / creditBaselineVcpus(type.credits)
  );
}
