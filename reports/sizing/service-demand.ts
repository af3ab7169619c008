// Service demand D: CPU-seconds per request, as the slope of busy vCPUs over throughput (the utilization law U = U0 + X D; Lazowska et
// al., Quantitative System Performance, chapter 3). The intercept is what the machine does without a request.
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { isWithoutCredits } from '../measured/credit-regime.ts';
import { type Estimate, fitLine } from '../series/regression.ts';

export type DemandFit = {
  /** Of which CPU: the app's processes, or the whole host without the load generator. */
  readonly of: 'app' | 'host';
  readonly demandMs: Estimate;
  /** Busy vCPUs without a request; never below 0. */
  readonly backgroundVcpus: Estimate;
  /**
   * Busy vCPUs in the calmest stage without load: of an app, what its own timers take. Before the load an app may still be busy with its
   * start: a run without a stage of rest behind it counts the calmest second. Without any such stage 0 for the app, for a host the
   * intercept.
   */
  readonly restVcpus: number;
  /** Absent when one load alone was measured and no line could be fitted. */
  readonly r2?: number;
  /** Steady stages of load that it rests on. */
  readonly stages: number;
  /** Those stages, and the idle ones before them: throughput and busy vCPUs. */
  readonly points: readonly DemandPoint[];
};

type DemandPoint = {
  readonly stage: string;
  /** Of the stage in its run: names may be there twice. */
  readonly number: number;
  readonly perS: number;
  readonly vcpus: number;
};

export type ServiceDemand = {
  /** The one that predictions use. */
  readonly used: DemandFit;
  readonly app?: DemandFit;
  readonly host?: DemandFit;
  /** Share of this machine's core that one vCPU of the run was; 1 unless it was emulated. */
  readonly vcpuShare: number;
  /**
   * Share of the CPU that the app can use which the heaviest load used, when that is less than half: away from full use a request costs
   * up to several times as much, so nothing follows for a use far above this one.
   */
  readonly lightUse?: number;
  /** Its heaviest load ran without CPU credits: the figures are of the credit baseline. */
  readonly atBaseline: boolean;
};

/** A stage shorter than this is not steady. */
const shortestStageS = 2;
/** With more errors than this the CPU went into something else than answers. */
const mostErrors = 0.05;
/** A load below this share of full use tells nothing of full use. */
const leastUse = 0.5;

type Point = {
  readonly stage: string;
  readonly number: number;
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
};

/** The service demand of a run; a string says why there is none. */
export function measureServiceDemand(run: RunRecord, observed: Observed | undefined): ServiceDemand | string {
  if (!observed) return 'the host was not observed: run it again with --metrics local or datadog';
  const vcpuShare = run.target.vcpuShare ?? 1;
  const app = fitDemand('app', run, (index) => appBusy(observed, index, vcpuShare));
  const host = fitDemand('host', run, (index) => hostBusy(run, observed, index));
  const used = app ?? host;
  if (!used) {
    const seen = observed.stages.some(({ metrics }) => metrics['system.cpu.idle'] !== undefined);
    if (seen && hostCores(run) === undefined)
      return 'how many vCPUs the target has is not known: say its type with --instance, like --instance t2.medium';
    if (run.stages.some((stage) => stage.role === 'measured' && stage.throughputPerS > 0))
      return `no stage of load was whole, without many errors, ${shortestStageS} s long or more, and had CPU samples in it: run it again with longer stages`;
    return noAnswer(run);
  }
  const atBaseline = isWithoutCredits(run, observed, fullest(used)?.number ?? -1);
  const use = heaviestUse(run, used, atBaseline);
  const lightUse = use < leastUse ? { lightUse: use } : {};
  return { used, ...(app && { app }), ...(host && { host }), vcpuShare, ...lightUse, atBaseline };
}

/** Why nothing can be told of the load, in a run where no measured stage was answered. */
export function noAnswer({ status, stages }: RunRecord): string {
  const begun = stages.some(({ role }) => role === 'measured');
  return status === 'complete' || begun
    ? 'no measured stage has an answered request'
    : 'the run ended before its first measured stage';
}

/**
 * Of the CPU that the app's processes can use (of an app whose processes are not known, of what others leave of the machine). Where
 * throughput stopped rising it is all that the app can use, however little of the machine that is; but not at the credit baseline.
 */
function heaviestUse(run: RunRecord, { of, points, restVcpus }: DemandFit, atBaseline: boolean): number {
  if (run.saturation && !atBaseline) return 1;
  const vcpus = hostCores(run) ?? 1;
  const loads = points.filter(({ perS }) => perS > 0).map((point) => point.vcpus - restVcpus);
  const usable = Math.min(run.target.workers ?? vcpus, of === 'app' ? vcpus : vcpus - restVcpus);
  return usable > 0 ? Math.max(0, ...loads) / usable : 1;
}

/** Whether a use (of full use) is near enough to what was measured to be told from it. */
export function isKnownUse({ lightUse }: ServiceDemand, use: number): boolean {
  return lightUse === undefined || use <= lightUse / leastUse;
}

/**
 * vCPU-milliseconds of one request at full use: what the stage of load with the highest throughput took, less what is busy without a
 * request. The slope over a ladder is not that: a request that comes alone costs more than one of a batch, so the line through both is
 * flatter than either end (slope 0.19, cost 0.25 at full use).
 */
export function demandAtFullUse(fit: DemandFit): Estimate {
  return demandIn(fit, fullest(fit));
}

function fullest({ points }: DemandFit): DemandPoint | undefined {
  return [...points].sort((a, b) => b.perS - a.perS)[0];
}

/** The same where `vcpus` are busy, from the stage of load that comes nearest to that. */
export function demandNear(fit: DemandFit, vcpus: number): Estimate {
  const distance = (point: DemandPoint) => Math.abs(point.vcpus - vcpus);
  const loads = fit.points.filter(({ perS }) => perS > 0);
  return demandIn(fit, loads.sort((a, b) => distance(a) - distance(b))[0]);
}

/** In that stage; the interval is at least as wide as the slope's. Without one, or where nothing is left for requests, the slope. */
function demandIn({ demandMs, restVcpus }: DemandFit, stage: DemandPoint | undefined): Estimate {
  const value = stage ? (1000 * (stage.vcpus - restVcpus)) / stage.perS : 0;
  if (!(value > 0)) return demandMs;
  const scaled = scale(demandMs, value / demandMs.value);
  return { value, low: Math.min(demandMs.low, scaled.low), high: Math.max(demandMs.high, scaled.high) };
}

type Busy = { readonly avg: number; readonly min: number; readonly max: number };

function appBusy(observed: Observed, index: number, vcpuShare: number): Busy | undefined {
  const cpu = observed.stages[index]?.metrics['app.cpu'];
  const scale = 100 * vcpuShare;
  return cpu && { avg: cpu.avg / scale, min: cpu.min / scale, max: cpu.max / scale };
}

/** Busy cores of the machine, less those of headroom itself when that runs there; an emulated machine is not the host. */
function hostBusy(run: RunRecord, observed: Observed, index: number): Busy | undefined {
  const stage = observed.stages[index];
  const idle = stage?.metrics['system.cpu.idle'];
  const cores = hostCores(run);
  if (!stage || !idle || cores === undefined || run.target.vcpuShare !== undefined) return undefined;
  const unused = (stage.metrics['system.cpu.iowait']?.avg ?? 0) + (stage.metrics['system.cpu.stolen']?.avg ?? 0);
  const own = (stage.services.headroom?.cpuPercent.avg ?? 0) / 100;
  const busy = (idlePercent: number) => Math.max(0, ((100 - idlePercent - unused) / 100) * cores - own);
  return { avg: busy(idle.avg), min: busy(idle.max), max: busy(idle.min) };
}

/** Of the machine that answers: its own figure, or this machine's when the target is here. */
function hostCores(run: RunRecord): number | undefined {
  if (run.target.vcpus !== undefined) return run.target.vcpus;
  return isLocal(run) ? run.generator.cores : undefined;
}

/** Whether the target ran on the machine that made the load. */
export function isLocal(run: RunRecord): boolean {
  return (
    run.target.startedByHarness || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(run.target.url).hostname)
  );
}

function fitDemand(
  of: DemandFit['of'],
  run: RunRecord,
  busy: (index: number) => Busy | undefined,
): DemandFit | undefined {
  const loaded: Point[] = [];
  const idle: Point[] = [];
  const rests: Point[] = [];
  run.stages.forEach((stage, index) => {
    const found = busy(index);
    if (!found || stage.durationS < shortestStageS || stage.aborted !== undefined) return;
    const point = {
      stage: stage.name,
      number: index,
      x: stage.throughputPerS,
      y: found.avg,
      low: found.min,
      high: found.max,
    };
    if (stage.role === 'idle') rests.push(point);
    if (stage.role === 'idle' && !loaded.length) idle.push({ ...point, x: 0 });
    const loadStage = stage.role === 'measured' || stage.role === 'probe';
    if (loadStage && stage.throughputPerS > 0 && errorShare(run, index) <= mostErrors) loaded.push(point);
  });
  if (loaded.length === 0) return undefined;
  const line = loaded.length < 2 ? undefined : fitLine([...loaded, ...idle]);
  const points = [...idle, ...loaded].map(({ stage, number, x, y }) => ({ stage, number, perS: x, vcpus: y }));
  const rested = rests.length > idle.length;
  const unseen = of === 'host' ? Math.max(0, line?.intercept.value ?? 0) : 0;
  const restVcpus =
    rests.length === 0 ? unseen : Math.min(...rests.map(({ y, low }) => (rested || of === 'host' ? y : low)));
  // A slope of 0 or less means that the stages differ in something else than their load.
  if (!line || line.slope.value <= 0)
    return { of, ...perRequest(loaded, restVcpus), restVcpus, stages: loaded.length, points };
  return {
    of,
    restVcpus,
    demandMs: scale(positive(line.slope), 1000),
    backgroundVcpus: notNegative(line.intercept),
    r2: line.r2,
    stages: loaded.length,
    points,
  };
}

/** Without a line: busy time above rest per request, and as its interval what the single seconds of the stages show. */
function perRequest(loaded: readonly Point[], rest: number): Pick<DemandFit, 'demandMs' | 'backgroundVcpus'> {
  const each = (of: (point: Point) => number) =>
    loaded.map((point) => (1000 * Math.max(0, of(point) - rest)) / point.x);
  const values = each(({ y }) => y);
  const value = values.reduce((sum, one) => sum + one, 0) / values.length;
  return {
    demandMs: positive({
      value,
      low: Math.min(...each(({ low }) => low)),
      high: Math.max(...each(({ high }) => high)),
    }),
    backgroundVcpus: { value: rest, low: rest, high: rest },
  };
}

/** A demand is above 0: an interval that reaches down to it says only that little is known, and half of the value is its floor. */
function positive({ value, low, high }: Estimate): Estimate {
  return { value, low: Math.max(low, value / 2), high };
}

function notNegative({ value, low, high }: Estimate): Estimate {
  return { value: Math.max(0, value), low: Math.max(0, low), high: Math.max(0, high) };
}

function scale({ value, low, high }: Estimate, by: number): Estimate {
  return { value: value * by, low: low * by, high: high * by };
}

function errorShare(run: RunRecord, index: number): number {
  const outcomes = run.stages[index]?.outcomes ?? { ok: 0, unexpectedStatus: 0, timeout: 0, connectionError: 0 };
  const errors = outcomes.unexpectedStatus + outcomes.timeout + outcomes.connectionError;
  return errors / Math.max(1, outcomes.ok + errors);
}
