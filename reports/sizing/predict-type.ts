// What one instance type can do, predicted from a run on another: rates with credits and without.
import {
  type BurstableType,
  type CreditMode,
  creditBaselineVcpus,
  type InstanceCatalogue,
  type InstanceType,
} from '../../model/instance-catalogue.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { Estimate } from '../series/regression.ts';
import type { CpuDemand } from './credit-day.ts';
import { relativeSpeed } from './machine-speed.ts';
import { demandAtFullUse, demandNear, type ServiceDemand } from './service-demand.ts';

export type TypePrediction = {
  readonly type: InstanceType;
  /** Processes that answer, on this type. */
  readonly workers: number;
  /** Requests per second as long as there are credits: min(workers, vCPUs left) / D at full use. */
  readonly burstPerS: Estimate;
  /** Requests per second for ever, at the credit baseline; the same as `burstPerS` for a type of fixed performance. */
  readonly sustainedPerS: Estimate;
  /** With the demand at its value, and at both ends of what is known: `low` is the cheap end. */
  readonly need: { readonly value: CpuDemand; readonly low: CpuDemand; readonly high: CpuDemand };
  /** Work of one vCPU against one of the run's. */
  readonly speed: number;
  readonly assumed: string;
  /** vCPUs that no process of the app can use. */
  readonly idleVcpus: number;
};

/**
 * In a control group at its credit baseline, whose slices are a millisecond, a request took 1.05 to 1.14 times the CPU that it takes at
 * full use, in seven of eight undisturbed pairs (redirects and home page); in the other 1.42.
 */
const slicedCost = 1.1;

/** Predicts a type by the utilization law: throughput at full use is the CPU that can be used over the service demand. */
export function predictType(
  run: RunRecord,
  demand: ServiceDemand,
  type: InstanceType,
  options: {
    readonly count: 'app' | 'host';
    readonly catalogue: InstanceCatalogue;
    /** Default: the type's own. */
    readonly mode?: CreditMode | undefined;
  },
): TypePrediction {
  const workers = workersOn(run, type);
  const { factor, assumed } = relativeSpeed(run, type, workers, options.catalogue);
  const fit = demand.used;
  // What an app does without a request spends credits too; the rest of the host is counted when it will run there as well.
  const background =
    options.count === 'host'
      ? exactly((demand.host ?? fit).restVcpus)
      : exactly((demand.app?.restVcpus ?? 0) * (workers / workersIn(run, type)));
  const baseline = type.credits ? creditBaselineVcpus((type as BurstableType).credits) : type.vcpus;
  const full = demandAtFullUse(fit);
  const light = demandNear(fit, baseline * factor.value);
  const alone = type.credits ? demandAlone(full, light) : full;
  const emulated = run.target.vcpuShare !== undefined && demand.lightUse === undefined;
  const sliced = type.credits && !demand.atBaseline ? slicedDemand(full, alone, emulated) : full;
  // In unlimited mode nothing is held back, and what is wanted without surplus is a light load.
  const calm = type.credits && (options.mode ?? type.credits.defaultMode) === 'standard' ? sliced : alone;
  const need = (end: keyof Estimate, speed: number): CpuDemand => {
    const backgroundVcpus = background[end];
    const others = Math.min(type.vcpus, backgroundVcpus / speed);
    const most = Math.min(workers, type.vcpus);
    return {
      serviceDemandS: full[end] / 1000 / speed,
      serviceDemandAtBaselineS: calm[end] / 1000 / speed,
      backgroundVcpus: others,
      // The app's own comes out of its processes; what else runs takes a vCPU that no worker uses first.
      usableVcpus: options.count === 'app' ? Math.max(0, most - others) : Math.min(most, type.vcpus - others),
    };
  };
  const needs = {
    value: need('value', factor.value),
    low: need('low', factor.high),
    high: need('high', factor.low),
  };
  const burst = (each: CpuDemand) => each.usableVcpus / each.serviceDemandS;
  const sustained = (each: CpuDemand) =>
    Math.min(each.usableVcpus, Math.max(0, baseline - each.backgroundVcpus)) / each.serviceDemandAtBaselineS;
  return {
    type,
    workers,
    burstPerS: { value: burst(needs.value), low: burst(needs.high), high: burst(needs.low) },
    sustainedPerS: { value: sustained(needs.value), low: sustained(needs.high), high: sustained(needs.low) },
    need: needs,
    speed: factor.value,
    assumed,
    idleVcpus: Math.max(0, type.vcpus - workers),
  };
}

/** With credits, where a load is light, a request comes alone and costs more; what it seems to save against full use is noise. */
function demandAlone(full: Estimate, light: Estimate): Estimate {
  return { value: Math.max(full.value, light.value), low: full.low, high: Math.max(full.high, light.high) };
}

/**
 * Without credits work always waits, as at full use, but the core comes in slices. What that costs is known of an emulated machine;
 * elsewhere it is taken for the geometric mean of what a request costs at full use and alone, between the ends of both.
 */
function slicedDemand(full: Estimate, alone: Estimate, emulated: boolean): Estimate {
  const value = emulated ? full.value * slicedCost : Math.sqrt(full.value * alone.value);
  return { value, low: full.low, high: Math.max(full.high * (value / full.value), alone.high) };
}

function exactly(value: number): Estimate {
  return { value, low: value, high: value };
}

function workersIn(run: RunRecord, type: InstanceType): number {
  return run.target.workers ?? type.vcpus;
}

/** An emulated shortener is started with a worker per vCPU, and would be there too; any other app keeps the processes that it has. */
export function workersOn(run: RunRecord, type: InstanceType): number {
  const scales = run.target.startedByHarness && run.target.vcpuShare !== undefined;
  return scales ? type.vcpus : workersIn(run, type);
}
