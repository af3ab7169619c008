// Latency of a type at its load, burst and sustained: from a stage of the same utilization, or from a stage on the type itself.

import type { RunRecord } from '../../../model/run-record.ts';
import type { StageRecord } from '../../../model/stage/stage-record.ts';
import { evaluateThreshold, parseThreshold } from '../../../model/threshold.ts';
import { stageRate } from '../../measured/stage-rate.ts';
import { demandAtFullUse } from '../demand/demand-fit.ts';
import type { ServiceDemand } from '../demand/service-demand.ts';

export type LatencyFit = {
  readonly stage: string;
  /** Of the stage, as a share of what the measured machine can serve; absent when that is not known. */
  readonly utilization?: number;
  /** The type that the stage ran on, and what its times were multiplied by; absent for a stage on the type itself. */
  readonly measuredOn?: string;
  readonly times?: number;
  readonly p50Us: number;
  readonly p99Us: number;
  /** Expressions of the run's latency thresholds that fail in this stage. */
  readonly broken: readonly string[];
};

/**
 * From the measured stage with the lowest utilization that is at least `utilization`, its times divided by the type's speed (for one queue,
 * response time depends on utilization and scales with the service time: Lazowska et al., chapter 5). Undefined when no stage was loaded
 * that much.
 */
export function latencyAt(
  run: RunRecord,
  demand: ServiceDemand,
  utilization: number,
  speed: number,
): LatencyFit | undefined {
  const vcpus = run.target.workers ?? run.target.vcpus ?? 1;
  const { restVcpus } = demand.used;
  // With the same service demand as the burst rate: the fullest stage must have a utilization of 1.
  const serviceDemandS = demandAtFullUse(demand.used).value / 1000;
  const use = (stage: StageRecord) =>
    (stageRate(run, stage).perS * serviceDemandS) / Math.max(vcpus / 100, vcpus - restVcpus);
  const found = run.stages
    .filter((stage) => stage.role === 'measured' && stage.latencyUs !== undefined && use(stage) >= utilization)
    .sort((a, b) => use(a) - use(b))[0];
  const fit = found && describe(run, found, speed);
  const measuredOn = run.target.instanceType;
  return (
    fit && {
      ...fit,
      utilization: use(found),
      ...(measuredOn !== undefined && { measuredOn }),
      ...(speed !== 1 && { times: 1 / speed }),
    }
  );
}

/** From one stage by its index, unchanged. */
export function latencyIn(run: RunRecord, stage: number | undefined): LatencyFit | undefined {
  const found = stage === undefined ? undefined : run.stages[stage];
  return found && describe(run, found, 1);
}

function describe(run: RunRecord, stage: StageRecord, speed: number): LatencyFit | undefined {
  const latency = stage.latencyUs;
  if (!latency) return undefined;
  const stretched = (us: number) => us / speed;
  const broken = run.thresholds.filter((sentence) => {
    const threshold = parseThreshold(sentence);
    const key = /^latency\.(p50|p90|p95|p99|p999|max|mean)$/.exec(threshold.metric)?.[1];
    if (key === undefined) return false;
    const value = stretched(latency[key as 'p50' | 'p90' | 'p95' | 'p99' | 'p999' | 'max' | 'mean']);
    return evaluateThreshold(threshold, () => value).verdict === 'fail';
  });
  return { stage: stage.name, p50Us: stretched(latency.p50), p99Us: stretched(latency.p99), broken };
}
