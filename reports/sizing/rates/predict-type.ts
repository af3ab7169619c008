// What one instance type can do, predicted from a run on another: its burst and its sustained rate.
import {
  type CreditMode,
  creditBaselineVcpus,
  creditModeOf,
  type InstanceCatalogue,
  type InstanceType,
} from '../../../model/catalogue/instance-catalogue.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import type { SizingFinding } from '../../schema/sizing-findings.ts';
import type { Estimate } from '../../series/regression.ts';
import { sliceDemand, slicesOn } from '../demand/block-demand.ts';
import { demandAtFullUse, demandNear } from '../demand/demand-fit.ts';
import type { ServiceDemand } from '../demand/service-demand.ts';
import type { CpuDemand } from './credit-day.ts';
import { speedFrom } from './machine-speed.ts';
import { fromBlocks, fromSamples, halfWidth } from './prediction-interval.ts';

export type TypePrediction = {
  readonly type: InstanceType;
  /** Requests per second while there are CPU credits: min(workers, vCPUs left) / D at full use. */
  readonly burstPerS: Estimate;
  /** Requests per second without end, at the baseline performance; the same as `burstPerS` for a type of fixed performance. */
  readonly sustainedPerS: Estimate;
  /** With the service demand at its value and at both ends of its interval: `low` is the cheap end. */
  readonly cpu: { readonly value: CpuDemand; readonly low: CpuDemand; readonly high: CpuDemand };
  /** Work of one vCPU, divided by that of one of the run's. */
  readonly speed: number;
  readonly assumptions: readonly SizingFinding[];
};

type PredictionOptions = {
  readonly catalogue: InstanceCatalogue;
  /** Default: the type's own. */
  readonly mode?: CreditMode | undefined;
  /** Runs on other types: they show how many vCPUs the app keeps busy. */
  readonly others?: readonly { readonly run: RunRecord }[];
};

/**
 * What a request takes of CPU in slices, times what it takes at full use, where the run did not measure it: 1.05 to 1.14 in seven of eight
 * undisturbed pairs with slices of a millisecond (redirects and home page), in the other 1.42.
 */
const slicedCost = { low: 1.05, value: 1.1, high: 1.42 } as const;

/** Predicts a type by the utilization law: throughput at full use is the usable CPU divided by the service demand. */
export function predictType(
  run: RunRecord,
  demand: ServiceDemand,
  type: InstanceType,
  options: PredictionOptions,
): TypePrediction {
  const workers = workersOn(run, type, options.others);
  const { promisedVcpus = type.vcpus } = type;
  const { factor, assumptions } = speedFrom(run, type, options.catalogue);
  const baselineVcpus = type.credits ? creditBaselineVcpus(type.credits) : promisedVcpus;
  const demandMs = demandsOn(run, demand, type, { ...options, workers, baselineVcpus: baselineVcpus * factor.value });
  const cpuAt = (end: keyof Estimate, speed: number): CpuDemand => {
    // The cheap end is that of the higher rate.
    const busy = end === 'low' ? workers.most : workers.seen;
    const others = Math.min(type.vcpus, backgroundOn(run, demand, type, busy) / speed);
    const most = Math.min(busy, promisedVcpus);
    return {
      serviceDemandS: demandMs.fullUse[end] / 1000 / speed,
      serviceDemandAtBaselineS: demandMs.baseline[end] / 1000 / speed,
      backgroundVcpus: others,
      // The app's own background comes out of its processes.
      usableVcpus: Math.max(0, most - others),
    };
  };
  const cpu = {
    value: cpuAt('value', factor.value),
    low: cpuAt('low', factor.high),
    high: cpuAt('high', factor.low),
  };
  const burst = (each: CpuDemand) => each.usableVcpus / each.serviceDemandS;
  const sustained = (each: CpuDemand) =>
    Math.min(each.usableVcpus, Math.max(0, baselineVcpus - each.backgroundVcpus)) / each.serviceDemandAtBaselineS;
  return {
    type,
    // The high rate is that of the cheap end.
    burstPerS: { value: burst(cpu.value), low: burst(cpu.high), high: burst(cpu.low) },
    sustainedPerS: { value: sustained(cpu.value), low: sustained(cpu.high), high: sustained(cpu.low) },
    cpu,
    speed: factor.value,
    assumptions: [...describeWorkers(workers, type), ...assumptions],
  };
}

function describeWorkers({ seen, most }: Workers, { vcpus }: InstanceType): readonly SizingFinding[] {
  if (most > seen) return [{ code: 'workers-unknown', workers: seen, most }];
  return vcpus > seen ? [{ code: 'idle-vcpus', idleVcpus: vcpus - seen, workers: seen }] : [];
}

/** vCPU-milliseconds of one request at full use, and at the baseline performance. */
function demandsOn(
  run: RunRecord,
  demand: ServiceDemand,
  type: InstanceType,
  options: PredictionOptions & { readonly baselineVcpus: number; readonly workers: Workers },
): { readonly fullUse: Estimate; readonly baseline: Estimate } {
  const { blocks, loadS } = demand.used;
  const found = demandAtFullUse(demand.used);
  const fullUse = blocks ? fromBlocks(found.value, halfWidth(found)) : fromSamples(found, loadS);
  if (!type.credits) return { fullUse, baseline: fullUse };
  const alone = demandAlone(fullUse, demandNear(demand.used, options.baselineVcpus));
  // In unlimited mode nothing is throttled, and what costs no surplus is a light load.
  if (creditModeOf(type, options.mode) !== 'standard') return { fullUse, baseline: alone };
  if (blocks?.sliceS) {
    const { requestS, sliceS } = blocks;
    const [seen, most] = [options.workers.seen, options.workers.most].map((workers) =>
      countedSlices(requestS, sliceS, options.baselineVcpus, slicesOn(type.vcpus, workers)),
    ) as [Estimate, Estimate];
    return { fullUse, baseline: { ...seen, high: most.high } };
  }
  const isEmulated = run.target.vcpuShare !== undefined && demand.lightUse === undefined;
  return { fullUse, baseline: demand.atBaseline ? fullUse : slicedDemand(fullUse, alone, isEmulated) };
}

/** In milliseconds, with the intervals of both states. */
function countedSlices(requestS: Estimate, sliceS: Estimate, baselineVcpus: number, slices: number): Estimate {
  const demandMs = (each: number) => 1000 * sliceDemand(requestS.value, each, baselineVcpus, slices);
  const ofSlices = { value: demandMs(sliceS.value), low: demandMs(sliceS.low), high: demandMs(sliceS.high) };
  return fromBlocks(ofSlices.value, halfWidth(requestS), halfWidth(ofSlices));
}

/** vCPUs that the app uses without a request, which spends credits too; see `besideOthers` for other programs. */
function backgroundOn(run: RunRecord, { app }: ServiceDemand, type: InstanceType, workers: number): number {
  return (app?.restVcpus ?? 0) * (workers / workersIn(run, type));
}

/** With credits, a request of a light load comes alone and costs more; what it seems to save against full use is noise. */
function demandAlone(full: Estimate, light: Estimate): Estimate {
  return { value: Math.max(full.value, light.value), low: full.low, high: Math.max(full.high, light.high) };
}

/**
 * Without credits work always waits, as at full use, but the core comes in slices. The cost of that is known for an emulated machine;
 * elsewhere the estimate is the geometric mean of what a request costs at full use and alone, between the ends of both.
 */
function slicedDemand(full: Estimate, alone: Estimate, isEmulated: boolean): Estimate {
  const value = isEmulated ? full.value * slicedCost.value : Math.sqrt(full.value * alone.value);
  return { value, low: full.low * slicedCost.low, high: Math.max(full.high * slicedCost.high, alone.high) };
}

function workersIn(run: RunRecord, type: InstanceType): number {
  return run.target.workers ?? (isOpen(run) ? 1 : type.vcpus);
}

/** Whether it does not show how many vCPUs its app would keep busy. */
function isOpen({ target: { kind, vcpus } }: RunRecord): boolean {
  return kind !== 'shortener' && vcpus === 1;
}

type Workers = {
  readonly seen: number;
  /** Above `seen` where it is not known whether the app keeps further vCPUs busy. */
  readonly most: number;
};

/**
 * Processes that answer on a type: an app that headroom starts inside an instance is asked to start a worker per vCPU, and one that did so does it
 * on each type; any other keeps the processes that it has. A run on one vCPU does not show which of them an app of the user's is, unless one of
 * the `others` had more.
 */
export function workersOn(run: RunRecord, type: InstanceType, others: PredictionOptions['others'] = []): Workers {
  const shown = isOpen(run)
    ? others.find((each) => !isOpen(each.run) && each.run.target.workers !== undefined)
    : undefined;
  const { startedByHarness, vcpuShare, vcpus } = (shown?.run ?? run).target;
  const workers = shown?.run.target.workers ?? workersIn(run, type);
  if (isOpen(run) && !shown && type.vcpus > 1) return { seen: 1, most: type.vcpus };
  const scales = startedByHarness && vcpuShare !== undefined && workers >= (vcpus ?? 1);
  const seen = scales ? type.vcpus : workers;
  return { seen, most: seen };
}
