// The burst and sustained rates that a run on a type measured.
import type { Observed } from '../../../model/observed.ts';
import { present } from '../../../model/present.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import type { StageRecord } from '../../../model/stage/stage-record.ts';
import { errorShare, mostErrors } from '../../../model/stage/sums.ts';
import { findCapacityAtSlo } from '../../measured/capacity-at-slo.ts';
import { isWithoutCredits } from '../../measured/credit-regime.ts';
import { stageRate } from '../../measured/stage-rate.ts';
import type { CapacityAtSlo } from '../../schema/judged.ts';

/** A run and what was observed of its host. */
export type RunSeen = { readonly run: RunRecord; readonly observed: Observed | undefined };

export type MeasuredState = {
  /** Of whole vCPUs. */
  readonly perS: number;
  /** The interval that the clean blocks give; without blocks down to the lowest throughput within a tenth of the highest. */
  readonly low: number;
  readonly high: number;
  /** Clean blocks; absent for a stage without blocks. */
  readonly blocks?: number;
  readonly stage: string;
  /** Index of the stage in its run. */
  readonly number: number;
  readonly p50Us?: number;
  readonly p99Us?: number;
};

export type MeasuredType = {
  readonly run: string;
  /** The measured closed stage in blocks, else that with the highest throughput: an open stage gets a given rate, and shows no capacity. */
  readonly burst?: MeasuredState;
  /** Without CPU credits: the stage made for that, else the best of a run that began without credits. */
  readonly sustained?: MeasuredState;
  /** With CPU credits. */
  readonly atSlo?: CapacityAtSlo;
};

type NumberedStage = { readonly stage: StageRecord; readonly number: number };

/** Of a complete run that is not invalid; undefined when it measured no rate. */
export function measuredType({ run, observed }: RunSeen): MeasuredType | undefined {
  if (run.status !== 'complete' || run.validity.verdict === 'invalid') return undefined;
  // Users with think time do not load a machine fully.
  if (run.profile.stages.some((stage) => stage.kind === 'closed' && stage.thinkTimeS !== undefined)) return undefined;
  const stages = run.stages
    .map((stage, number) => ({ stage, number }))
    .filter(({ stage }) => stage.role === 'measured' || stage.role === 'sustained')
    .filter(({ stage }) => stage.kind === 'closed' && stage.throughputPerS > 0 && stage.aborted === undefined)
    .filter(({ stage }) => errorShare(stage.outcomes) <= mostErrors)
    .map((each) => ({
      ...each,
      spent: each.stage.role === 'sustained' || isWithoutCredits(run, observed, each.number),
    }));
  const burst = describe(
    run,
    stages.filter(({ spent }) => !spent),
  );
  // The profile's own stage for it comes first: those of a ladder that began without credits are shorter.
  const own = stages.filter(({ stage }) => stage.role === 'sustained');
  const sustained = describe(run, own.length > 0 ? own : stages.filter(({ spent }) => spent));
  const atSlo = findCapacityAtSlo(run, observed);
  if (!burst && !sustained && !atSlo) return undefined;
  return { run: run.id, ...present({ burst, sustained, atSlo }) };
}

/** Stages within a tenth of the best one count as the same load. */
const alike = 0.9;

function describe(run: RunRecord, stages: readonly NumberedStage[]): MeasuredState | undefined {
  const inBlocks = stages.filter(({ stage }) => stage.blocks !== undefined);
  const found = (inBlocks.length > 0 ? inBlocks : stages)
    .map((each) => ({ ...each, rate: stageRate(run, each.stage) }))
    .toSorted((a, b) => b.rate.perS - a.rate.perS);
  const [best] = found;
  if (!best) return undefined;
  const { perS, blocks } = best.rate;
  const { name, latencyUs } = best.stage;
  return {
    perS,
    low: blocks?.low ?? Math.min(...found.map(({ rate }) => rate.perS).filter((each) => each >= alike * perS)),
    high: blocks?.high ?? perS,
    ...(blocks && { blocks: blocks.count }),
    stage: name,
    number: best.number,
    ...(latencyUs && { p50Us: latencyUs.p50, p99Us: latencyUs.p99 }),
  };
}
