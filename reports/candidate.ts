// What one instance type can do, predicted from a run on another: rates with credits and without.
import {
  type BurstableType,
  creditBaselineVcpus,
  type InstanceCatalogue,
  type InstanceType,
} from '../model/instance-catalogue.ts';
import type { RunRecord } from '../model/run-record.ts';
import type { Need } from './credit-day.ts';
import { relativeSpeed } from './machine-speed.ts';
import type { Estimate } from './regression.ts';
import { demandNear, type ServiceDemand } from './service-demand.ts';

export type Candidate = {
  readonly type: InstanceType;
  /** Processes that answer, on this type. */
  readonly workers: number;
  /** Requests per second as long as there are credits: min(workers, vCPUs left) / D. */
  readonly burstPerS: Estimate;
  /** Requests per second for ever, at the credit baseline; the same as `burstPerS` for a type of fixed performance. */
  readonly sustainedPerS: Estimate;
  /** With the demand at its value, and at both ends of what is known: `low` is the cheap end. */
  readonly need: { readonly value: Need; readonly low: Need; readonly high: Need };
  /** Work of one vCPU against one of the run's. */
  readonly speed: number;
  readonly assumed: string;
  /** vCPUs that no process of the app can use. */
  readonly idleVcpus: number;
};

/** Predicts a type by the utilization law: throughput at full use is the CPU that can be used over the service demand. */
export function predictCandidate(
  run: RunRecord,
  demand: ServiceDemand,
  type: InstanceType,
  options: { readonly count: 'app' | 'host'; readonly catalogue: InstanceCatalogue },
): Candidate {
  const workers = workersOn(run, type);
  const { factor, assumed } = relativeSpeed(run, type, workers, options.catalogue);
  const fit = demand.used;
  // What an app does without a request spends credits too; the rest of the host is counted when it will run there as well.
  const background =
    options.count === 'host' ? (demand.host ?? fit).backgroundVcpus : exactly(demand.app?.restVcpus ?? 0);
  const baseline = type.credits ? creditBaselineVcpus((type as BurstableType).credits) : type.vcpus;
  const calm = demandNear(fit, baseline * factor.value);
  const need = (end: keyof Estimate, speed: number): Need => {
    const backgroundVcpus = background[end];
    const others = Math.min(type.vcpus, backgroundVcpus / speed);
    const most = Math.min(workers, type.vcpus);
    return {
      demandS: fit.demandMs[end] / 1000 / speed,
      calmDemandS: (type.credits ? calm : fit.demandMs)[end] / 1000 / speed,
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
  const burst = (each: Need) => each.usableVcpus / each.demandS;
  const sustained = (each: Need) =>
    Math.min(each.usableVcpus, Math.max(0, baseline - each.backgroundVcpus)) / each.calmDemandS;
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

function exactly(value: number): Estimate {
  return { value, low: value, high: value };
}

/** An emulated shortener is started with a worker per vCPU, and would be there too; any other app keeps the processes that it has. */
export function workersOn(run: RunRecord, type: InstanceType): number {
  const scales = run.target.startedByHarness && run.target.vcpuShare !== undefined;
  return scales ? type.vcpus : (run.target.workers ?? type.vcpus);
}
