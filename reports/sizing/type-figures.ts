// Everything that is known of one type before it is judged: measured, predicted and simulated.

import type { InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import { creditBaselineVcpus } from '../../model/catalogue/instance-catalogue.ts';
import { present } from '../../model/present.ts';
import { coresPerVcpu } from '../measured/whole-vcpus.ts';
import type { NetworkFigures, SustainableLoad } from '../schema/check-findings.ts';
import { type LatencyFit, latencyAt, latencyIn } from './fits/latency-fit.ts';
import { fitMemory, type MemoryFit } from './fits/memory-fit.ts';
import { capByNetwork, fitNetwork } from './fits/network-fit.ts';
import { besideOthers } from './rates/beside-others.ts';
import { withMeasuredRates } from './rates/measured-rates.ts';
import { onItsVcpus } from './rates/on-ec2.ts';
import { predictType, type TypePrediction, workersOn } from './rates/predict-type.ts';
import { findSustainableLoad } from './rates/sustainable-load.ts';
import { simulateWorkload, type WorkloadCredits } from './rates/workload-credits.ts';
import { type Basis, findBasis, isKnown, othersOn, type SizingInput } from './type-basis.ts';

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
  const { onVcpus, mode, withinSlo } = basis;
  const { traffic, builds } = input;
  const isFullUseKnown = isKnown(basis, 1);
  const judgedOn = onVcpus?.prediction;
  const verdictUse = judgedOn && (traffic ? traffic.peakPerS / judgedOn.burstPerS.value : baselineUse(judgedOn));
  const isTooLight = verdictUse !== undefined && !isKnown(basis, verdictUse);
  const judged = isTooLight ? undefined : judgedOn;
  const load = judged && !traffic ? findSustainableLoad(judged, mode, builds, isFullUseKnown, withinSlo) : undefined;
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

/** The baseline performance as a share of the CPU that the app can use. */
export function baselineUse({ type, cpu }: TypePrediction): number {
  return type.credits ? creditBaselineVcpus(type.credits) / cpu.value.usableVcpus : 1;
}

function findMemory({ input, own, type, others }: Basis): MemoryFit | undefined {
  const { run, observed } = own ?? input;
  const trends = own && own !== input ? [] : (input.trends ?? []);
  const workers = workersOn(input.run, type, input.others).most;
  return fitMemory({ run, observed, count: input.count, workers, trends, others }, type);
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
