// A run as far as it has come: what its stages have left behind, and whether it has to end.
import type { Finding } from '../../model/finding.ts';
import type { LoadLine } from '../../model/second.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { loadFinding } from '../messages.ts';
import type { AtSlo } from './conclude-at-slo.ts';
import type { Found, LoadPlan, StopReason } from './load-plan.ts';
import { nextShardStart } from './next-shard-start.ts';
import { runBlocks } from './run-blocks.ts';
import { type PlainStage, runStage, type StageResult } from './run-stage.ts';
import { alone } from './turns.ts';

export type Progress = {
  readonly plan: LoadPlan;
  readonly stages: StageRecord[];
  readonly seconds: LoadLine[];
  readonly warnings: Finding[];
  readonly found: Found;
  /** Of stages in blocks, by their number. */
  readonly judgedAgain: Map<number, () => StageRecord>;
  /** What the search at the SLO has come to, by what is known now of the undisturbed core. */
  atSlo?: () => AtSlo;
  /** Why the run ends now. */
  stop?: StopReason;
  /** A generator that exited. */
  died?: Finding;
  /** Of a shard: when its next stage begins, in ms since 1970. */
  nextStartAt: number | undefined;
  /** The last stage of load, for the recovery from it. */
  loaded?: StageResult;
};

export function beginProgress(plan: LoadPlan): Progress {
  return {
    plan,
    stages: [],
    seconds: [],
    warnings: [],
    found: {},
    judgedAgain: new Map(),
    nextStartAt: plan.shard?.startAt,
  };
}

/** Runs one stage when it is this run's turn, adds it to the progress, and decides whether the run goes on. */
export async function runOne(progress: Progress, stage: PlainStage, role?: 'probe' | 'beside'): Promise<StageResult> {
  const { plan, stages } = progress;
  const startAt = takeStart(progress, stage);
  const options = { ...(role && { role }), ...(startAt !== undefined && { startAt }) };
  const run = () => runStage(plan, stages.length, stage, options);
  const blocks = stage.kind === 'closed' ? stage.blocks : undefined;
  const result =
    stage.kind === 'closed' && blocks !== undefined
      ? await runBlocks(plan, stages.length, { ...stage, blocks })
      : await (stage.kind === 'idle' ? run() : (plan.turn ?? alone).visit(run));
  addStage(progress, result);
  return result;
}

/** Adds a stage to the progress, and decides whether the run goes on. */
export function addStage(progress: Progress, result: StageResult): void {
  const { plan, stages, seconds } = progress;
  if (result.judgedAgain) progress.judgedAgain.set(stages.length, result.judgedAgain);
  stages.push(result.record);
  // Spread, the lines of a long stage would overflow the stack.
  for (const line of result.seconds) seconds.push(line);
  plan.onStage(stages);
  if (result.generatorDied) progress.died ??= result.generatorDied;
  const stop = whyStop(plan, result.record);
  if (stop) progress.stop = stop;
}

/** All shards begin a stage at the same time, which each computes by itself. */
function takeStart(progress: Progress, { name, durationS }: PlainStage): number | undefined {
  const startAt = progress.nextStartAt;
  if (startAt === undefined) return undefined;
  progress.nextStartAt = nextShardStart(startAt, durationS, progress.plan.profile.timeoutS);
  const lateMs = Date.now() - startAt;
  if (lateMs > 0) progress.warnings.push(loadFinding('stage-late', { stage: name, lateMs }));
  return startAt;
}

function whyStop(plan: LoadPlan, record: StageRecord): StopReason | undefined {
  if (plan.signal.aborted) return plan.signal.reason as StopReason;
  if (record.aborted !== undefined) return { status: 'aborted', reason: record.aborted };
  if (isDead(record)) return { status: 'aborted', reason: loadFinding('nothing-answered', { stage: record.name }) };
  return undefined;
}

/** A stage may be too short for its own watchdog. */
function isDead({ kind, requests, outcomes }: StageRecord): boolean {
  return kind !== 'idle' && requests.completed === 0 && requests.open + outcomes.timeout + outcomes.connectionError > 0;
}
