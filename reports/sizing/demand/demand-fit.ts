// CPU-seconds per request as the slope of busy vCPUs over throughput (the utilization law U = U0 + X D; Lazowska et al., Quantitative
// System Performance, chapter 3). The intercept is what the machine uses without a request.
import type { RunRecord } from '../../../model/run-record.ts';
import { isOpenBlock, type StageRecord } from '../../../model/stage/stage-record.ts';
import { errorShare, mostErrors } from '../../../model/stage/sums.ts';
import { stageRate } from '../../measured/stage-rate.ts';
import { type Estimate, fitLine, type Line } from '../../series/regression.ts';
import { type BlockDemand, findBlockDemand } from './block-demand.ts';
import type { BusyVcpus } from './busy-cpu.ts';
import { exactly, mapEstimate, scaleEstimate } from './estimate.ts';

export type DemandFit = {
  /** Of which CPU: the app's processes, or the whole host without the load generator. */
  readonly of: 'app' | 'host';
  readonly demandMs: Estimate;
  /** Busy vCPUs without a request; never below 0. */
  readonly backgroundVcpus: Estimate;
  /**
   * Busy vCPUs in the calmest stage without load: of an app, what its own timers take. Before the load an app may still be busy with its
   * start: a run without an idle stage after the load counts the calmest second. Without any idle stage 0 for the app, for a host the
   * intercept.
   */
  readonly restVcpus: number;
  /** Absent when only one load was measured and no line could be fitted. */
  readonly r2?: number;
  /** Counted over blocks; absent for a run without them, and for a host. */
  readonly blocks?: BlockDemand;
  /** Seconds of load that it rests on. */
  readonly loadS: number;
  /** Steady stages of load that it rests on. */
  readonly stages: number;
  /** Those stages, and the idle ones before them. */
  readonly points: readonly DemandPoint[];
};

type DemandPoint = {
  readonly stage: string;
  /** Index of the stage in its run: names may repeat. */
  readonly number: number;
  readonly perS: number;
  readonly vcpus: number;
};

/** Seconds; a shorter stage is not steady. */
export const shortestStageS = 2;
/** `x` is throughput, `y` the mean of the busy vCPUs, `low` and `high` their extremes. */
type Point = {
  readonly stage: string;
  readonly number: number;
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
};

type Points = {
  readonly loaded: readonly Point[];
  /** Idle stages before the first load. */
  readonly idleBefore: readonly Point[];
  readonly idle: readonly Point[];
};

/** Returns the fit over the steady stages of a run; undefined when no stage of load was steady. */
export function fitDemand(
  of: DemandFit['of'],
  run: RunRecord,
  busy: (stage: number) => BusyVcpus | undefined,
): DemandFit | undefined {
  const points = collectPoints(run, busy);
  const { loaded, idleBefore } = points;
  if (loaded.length === 0) return undefined;
  const line = loaded.length < 2 ? undefined : fitLine([...loaded, ...idleBefore]);
  const restVcpus = findRest(of, points, line);
  const blocks = of === 'app' ? findBlockDemand(run, restVcpus) : undefined;
  return {
    of,
    restVcpus,
    ...(blocks && { blocks }),
    loadS: loaded.reduce((sum, { number }) => sum + (run.stages[number]?.durationS ?? 0), 0),
    stages: loaded.length,
    points: [...idleBefore, ...loaded].map(({ stage, number, x, y }) => ({ stage, number, perS: x, vcpus: y })),
    // With a slope of 0 or less the stages differ in something else than their load.
    ...(line && line.slope.value > 0 ? fromLine(line) : fromSeconds(loaded, restVcpus)),
  };
}

function collectPoints(run: RunRecord, busy: (stage: number) => BusyVcpus | undefined): Points {
  const points = run.stages.flatMap((stage, number) => {
    const found = busy(number);
    const isCounted = stage.appCpuS !== undefined || stage.blocks !== undefined;
    if (!found || (!isCounted && stage.durationS < shortestStageS) || stage.aborted !== undefined) return [];
    const { avg: y, min: low, max: high } = found;
    const x = stageRate(run, stage).perS;
    return [{ role: stage.role, stage: stage.name, number, x, y, low, high }];
  });
  const loaded = points.filter(({ role, number, x }) => {
    const stage = run.stages[number] as StageRecord;
    const isLoad = role === 'measured' || (role === 'probe' && !isOpenBlock(stage));
    return isLoad && x > 0 && errorShare(stage.outcomes) <= mostErrors;
  });
  const idle = points.filter(({ role }) => role === 'idle');
  const firstLoad = loaded[0]?.number ?? Number.POSITIVE_INFINITY;
  const idleBefore = idle.filter(({ number }) => number < firstLoad).map((point) => ({ ...point, x: 0 }));
  return { loaded, idle, idleBefore };
}

function findRest(of: DemandFit['of'], { idle, idleBefore }: Points, line: Line | undefined): number {
  if (idle.length === 0) return of === 'host' ? Math.max(0, line?.intercept.value ?? 0) : 0;
  const hasIdleAfter = idle.length > idleBefore.length;
  return Math.min(...idle.map(({ y, low }) => (hasIdleAfter || of === 'host' ? y : low)));
}

type PerRequest = Pick<DemandFit, 'demandMs' | 'backgroundVcpus' | 'r2'>;

function fromLine({ slope, intercept, r2 }: Line): PerRequest {
  return {
    demandMs: scaleEstimate(aboveZero(slope), 1000),
    backgroundVcpus: mapEstimate(intercept, (vcpus) => Math.max(0, vcpus)),
    r2,
  };
}

/** Without a line: busy time above rest per request, and as its interval what the single seconds of the stages show. */
function fromSeconds(loaded: readonly Point[], rest: number): PerRequest {
  const each = (of: (point: Point) => number) =>
    loaded.map((point) => (1000 * Math.max(0, of(point) - rest)) / point.x);
  const values = each(({ y }) => y);
  const value = values.reduce((sum, one) => sum + one, 0) / values.length;
  const low = Math.min(...each((point) => point.low));
  const high = Math.max(...each((point) => point.high));
  return { demandMs: aboveZero({ value, low, high }), backgroundVcpus: exactly(rest) };
}

/** A demand is above 0: half of the value is the floor of an interval that reaches down to 0. */
function aboveZero({ value, low, high }: Estimate): Estimate {
  return { value, low: Math.max(low, value / 2), high };
}

/** The stage of load with the highest throughput. */
export function fullestPoint({ points }: DemandFit): DemandPoint | undefined {
  return [...points].sort((a, b) => b.perS - a.perS)[0];
}

/**
 * vCPU-milliseconds of one request at full use: what the stage with the highest throughput used, less the use without a request. The slope
 * over a ladder differs: a request that comes alone costs more than one of a batch, so the line through both is flatter than either end
 * (slope 0.19, cost 0.25 at full use).
 */
export function demandAtFullUse(fit: DemandFit): Estimate {
  return fit.blocks ? scaleEstimate(fit.blocks.requestS, 1000) : demandIn(fit, fullestPoint(fit));
}

/** The same where `vcpus` are busy, from the stage of load that comes nearest to that. */
export function demandNear(fit: DemandFit, vcpus: number): Estimate {
  const distance = (point: DemandPoint) => Math.abs(point.vcpus - vcpus);
  const loads = fit.points.filter(({ perS }) => perS > 0);
  return demandIn(fit, loads.sort((a, b) => distance(a) - distance(b))[0]);
}

/** In that stage; the interval is at least as wide as the slope's. Without a stage, or where nothing is left for requests, the slope. */
function demandIn({ demandMs, restVcpus }: DemandFit, stage: DemandPoint | undefined): Estimate {
  const value = stage ? (1000 * (stage.vcpus - restVcpus)) / stage.perS : 0;
  if (!(value > 0)) return demandMs;
  const scaled = scaleEstimate(demandMs, value / demandMs.value);
  return { value, low: Math.min(demandMs.low, scaled.low), high: Math.max(demandMs.high, scaled.high) };
}
