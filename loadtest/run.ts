// Runs a profile against a target, stage after stage.
import type { ClosedStage, OpenStage, Profile, ProfileStage, Route } from '../model/profile.ts';
import type { RunRecord, StageRecord, Validity } from '../model/run-record.ts';
import type { ArrivalRate, Line, LoadLine, StageEndLine, StageLine } from '../model/second.ts';
import { stageFromLines } from '../model/stage-result.ts';
import { UserError } from '../model/user-error.ts';
import { GeneratorDied, type Generators } from './generators.ts';
import { findSaturation, hasSaturated } from './saturation.ts';
import type { StageOrder } from './stage-order.ts';
import { judgeValidity } from './validity.ts';

export type LoadPlan = {
  readonly profile: Profile;
  readonly origin: string;
  readonly routes: readonly Route[];
  readonly generators: Generators;
  /** Of Poisson arrivals; default 1. */
  readonly seed?: number;
  /** Takes any certificate; open stages verify it otherwise, closed ones never do. */
  readonly insecure?: boolean;
  /** Aborts with `{ status, reason }`: the run ends with what it has. */
  readonly signal: AbortSignal;
  /** Every line as it comes, before anything is made of it. */
  readonly onLine: (line: Line) => void;
  /** After each stage, with all stages so far. */
  readonly onStage: (stages: readonly StageRecord[]) => void;
};

export type StopReason = { readonly status: 'aborted' | 'interrupted'; readonly reason: string };

export type LoadResult = Pick<RunRecord, 'status' | 'statusReason' | 'stages' | 'saturation' | 'validity'> & {
  readonly validity: Validity;
  /** Of the generators, over the measured stages. */
  readonly use: Pick<RunRecord['generator'], 'eventLoopUtilization' | 'cpuPercent'>;
};

/** From the order to the first arrival: for the order to reach every generator, and for connections to open. */
const openLeadMs = 300;
const openConnectMs = 0.5;

/** Runs every stage of the profile, or as many as the target, the generators and the signal allow. */
export async function runLoad(plan: LoadPlan): Promise<LoadResult> {
  const stages: StageRecord[] = [];
  const seconds: LoadLine[] = [];
  let saturation: RunRecord['saturation'];
  let stop: StopReason | undefined;
  let died: string | undefined;

  const runOne = async (stage: Exclude<ProfileStage, { kind: 'ladder' }>): Promise<void> => {
    const { record, generatorDied } = await runStage(plan, stages.length, stage, seconds);
    stages.push(record);
    plan.onStage(stages);
    died = generatorDied;
    if (plan.signal.aborted) stop = plan.signal.reason as StopReason;
    else if (record.aborted !== undefined) stop = { status: 'aborted', reason: record.aborted };
  };

  for (const stage of plan.profile.stages) {
    if (stop) break;
    if (stage.kind !== 'ladder') {
      await runOne(stage);
      continue;
    }
    const first = stages.length;
    for (const connections of stage.connections) {
      const name = `${connections} ${connections === 1 ? 'connection' : 'connections'}`;
      await runOne({ kind: 'closed', name, connections, durationS: stage.durationS, warmUp: false });
      if (stop || hasSaturated(stages.slice(first), stage.minGain)) break;
    }
    saturation = findSaturation(stages.slice(first), stage.minGain);
  }

  return {
    status: stop?.status ?? 'complete',
    ...(stop && { statusReason: stop.reason }),
    stages,
    ...(saturation && { saturation }),
    validity: judgeValidity(stages, seconds, died),
    use: generatorUse(stages, seconds),
  };
}

async function runStage(
  plan: LoadPlan,
  stage: number,
  asked: Exclude<ProfileStage, { kind: 'ladder' }>,
  allSeconds: LoadLine[],
): Promise<{ record: StageRecord; generatorDied?: string }> {
  const begin: StageLine = {
    kind: 'stage',
    stage,
    name: asked.name,
    stageKind: asked.kind,
    role: asked.kind === 'idle' ? 'idle' : asked.warmUp ? 'warm-up' : 'measured',
    ...(asked.kind === 'closed' && { connections: asked.connections }),
    ...(asked.kind === 'open' && {
      arrivalRatePerS: rampOf(asked),
      arrivals: asked.arrivals,
      maxConnections: asked.maxConnections,
    }),
    startedAt: new Date().toISOString(),
  };
  plan.onLine(begin);
  const seconds: LoadLine[] = [];
  const ends: StageEndLine[] = [];
  const onLine = (line: LoadLine | StageEndLine): void => {
    plan.onLine(line);
    if (line.kind === 'load') seconds.push(line);
    else ends.push(line);
  };
  let generatorDied: string | undefined;
  try {
    if (asked.kind === 'idle') onLine(await idle(stage, asked.durationS, plan.signal));
    else
      await runOrders(
        plan,
        asked.kind === 'open' ? openOrders(plan, stage, asked) : closedOrders(plan, stage, asked),
        onLine,
      );
  } catch (error) {
    if (!(error instanceof GeneratorDied)) throw error;
    generatorDied = error.message;
  }
  allSeconds.push(...seconds);
  const record = stageFromLines(begin, seconds, ends);
  return generatorDied === undefined ? { record } : { record: { ...record, aborted: generatorDied }, generatorDied };
}

function closedOrders(plan: LoadPlan, stage: number, asked: ClosedStage): StageOrder[] {
  const head = plan.routes.find((route) => route.method === 'HEAD');
  if (head)
    throw new UserError(`route ${head.name}: a closed stage cannot count answers to HEAD; use an open one (--rate)`);
  const workers = Math.min(plan.generators.count, asked.connections);
  return Array.from({ length: workers }, (_, generator) => ({
    kind: 'closed' as const,
    stage,
    generator,
    origin: plan.origin,
    routes: plan.routes,
    connections: shareOf(asked.connections, generator, workers),
    durationS: asked.durationS,
    timeoutS: plan.profile.timeoutS,
  }));
}

function openOrders(plan: LoadPlan, stage: number, asked: OpenStage): StageOrder[] {
  const generators = Math.min(plan.generators.count, asked.maxConnections);
  const startAt = Date.now() + openLeadMs + Math.min(asked.maxConnections, 1000) * openConnectMs;
  return Array.from({ length: generators }, (_, generator) => ({
    kind: 'open' as const,
    stage,
    generator,
    generators,
    origin: plan.origin,
    routes: plan.routes,
    startAt,
    durationS: asked.durationS,
    arrivalRatePerS: rampOf(asked),
    arrivals: asked.arrivals,
    // Stages of one run must not repeat each other's arrivals.
    seed: (plan.seed ?? 1) + stage,
    maxConnections: shareOf(asked.maxConnections, generator, generators),
    timeoutS: plan.profile.timeoutS,
    insecure: plan.insecure ?? false,
  }));
}

async function runOrders(
  plan: LoadPlan,
  orders: readonly StageOrder[],
  onLine: (line: LoadLine | StageEndLine) => void,
): Promise<void> {
  const onAbort = (): void => plan.generators.stop((plan.signal.reason as StopReason).reason);
  plan.signal.addEventListener('abort', onAbort, { once: true });
  try {
    const done = plan.generators.run(orders, onLine);
    if (plan.signal.aborted) onAbort();
    await done;
  } finally {
    plan.signal.removeEventListener('abort', onAbort);
  }
}

/** The n-th of `workers` whole shares that differ by 1 at most. */
function shareOf(total: number, index: number, workers: number): number {
  return Math.floor(total / workers) + (index < total % workers ? 1 : 0);
}

function rampOf({ arrivalRatePerS }: OpenStage): ArrivalRate {
  return typeof arrivalRatePerS === 'number' ? { from: arrivalRatePerS, to: arrivalRatePerS } : arrivalRatePerS;
}

/** Waits, or ends early with the signal. */
function idle(stage: number, durationS: number, signal: AbortSignal): Promise<StageEndLine> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      const aborted = signal.aborted && { aborted: (signal.reason as StopReason).reason };
      resolve({
        kind: 'stage-end',
        stage,
        generator: 0,
        finishedAt: new Date().toISOString(),
        routeLatencyUs: {},
        ...aborted,
        errors: {},
      });
    };
    const timer = setTimeout(end, durationS * 1000);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}

function generatorUse(stages: readonly StageRecord[], seconds: readonly LoadLine[]): LoadResult['use'] {
  const measured = seconds.filter((line) => stages[line.stage]?.role === 'measured' && line.durationS > 0.5);
  if (measured.length === 0) return {};
  const over = (values: readonly number[]) => ({
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    max: Math.max(...values),
  });
  return {
    eventLoopUtilization: over(measured.map((line) => line.eventLoopUtilization)),
    cpuPercent: over(measured.map((line) => (line.cpuS / line.durationS) * 100)),
  };
}
