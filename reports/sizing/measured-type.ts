// What a run on a type measured of it, in both states: with CPU credits, and at the credit baseline.
import type { Observed } from '../../model/observed.ts';
import type { RunRecord, StageRecord } from '../../model/run-record.ts';
import { isWithoutCredits } from '../measured/credit-regime.ts';

/** A run and what was seen of its host. */
export type RunSeen = { readonly run: RunRecord; readonly observed: Observed | undefined };

export type MeasuredState = {
  readonly perS: number;
  /** The slowest stage of load within a tenth of it, when there are others: how much the same machine differs from stage to stage. */
  readonly lowestPerS: number;
  readonly stage: string;
  /** Number of the stage in its run. */
  readonly number: number;
  readonly p50Us?: number;
  readonly p99Us?: number;
};

export type MeasuredType = {
  readonly run: string;
  /** The measured closed stage with the highest throughput: an open one gets what it was sent, and shows no capacity. */
  readonly burst?: MeasuredState;
  /** Without CPU credits: the stage for that, or the best of a run that began so. */
  readonly sustained?: MeasuredState;
};

/** Of a whole run that can be trusted; undefined when it measured neither state. */
export function measuredType({ run, observed }: RunSeen): MeasuredType | undefined {
  if (run.status !== 'complete' || run.validity.verdict === 'invalid') return undefined;
  // Users who think do not load a machine to its end.
  if (run.profile.stages.some((stage) => stage.kind === 'closed' && stage.thinkTimeS !== undefined)) return undefined;
  const stages = run.stages
    .map((stage, number) => ({ stage, number }))
    .filter(({ stage }) => stage.role === 'measured' || stage.role === 'sustained')
    .filter(({ stage }) => stage.kind === 'closed' && stage.throughputPerS > 0 && stage.aborted === undefined)
    .map((each) => ({
      ...each,
      spent: each.stage.role === 'sustained' || isWithoutCredits(run, observed, each.number),
    }))
    .sort((a, b) => b.stage.throughputPerS - a.stage.throughputPerS);
  const burst = describe(stages.filter(({ spent }) => !spent));
  // A stage that the profile made for it comes first: those of a ladder that began without credits are shorter.
  const own = stages.filter(({ stage }) => stage.role === 'sustained');
  const sustained = describe(own.length > 0 ? own : stages.filter(({ spent }) => spent));
  if (!burst && !sustained) return undefined;
  return { run: run.id, ...(burst && { burst }), ...(sustained && { sustained }) };
}

const alike = 0.9;

function describe(
  stages: readonly { readonly stage: StageRecord; readonly number: number }[],
): MeasuredState | undefined {
  const [best] = stages;
  if (!best) return undefined;
  const { name, throughputPerS, latencyUs } = best.stage;
  const others = stages.map(({ stage }) => stage.throughputPerS).filter((perS) => perS >= alike * throughputPerS);
  return {
    perS: throughputPerS,
    lowestPerS: Math.min(...others),
    stage: name,
    number: best.number,
    ...(latencyUs && { p50Us: latencyUs.p50, p99Us: latencyUs.p99 }),
  };
}
