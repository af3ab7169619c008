// What a run on a type measured of it, in both states: with CPU credits, and at the credit baseline.
import type { Observed } from '../model/observed.ts';
import type { RunRecord, StageRecord } from '../model/run-record.ts';

/** A run and what was seen of its host. */
export type RunSeen = { readonly run: RunRecord; readonly observed: Observed | undefined };

export type MeasuredState = {
  readonly perS: number;
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
  /** The stage without CPU credits. */
  readonly sustained?: MeasuredState;
};

/** Of a whole run that can be trusted; undefined when it measured neither state. */
export function measuredType({ run }: RunSeen): MeasuredType | undefined {
  if (run.status !== 'complete' || run.validity.verdict === 'invalid') return undefined;
  const best = (role: StageRecord['role']) =>
    run.stages
      .map((stage, number) => ({ stage, number }))
      .filter(({ stage }) => stage.role === role && stage.kind === 'closed')
      .filter(({ stage }) => stage.throughputPerS > 0 && stage.aborted === undefined)
      .sort((a, b) => b.stage.throughputPerS - a.stage.throughputPerS)
      .map(({ stage, number }) => describe(stage, number))[0];
  // Users who think do not load a machine to its end either.
  if (run.profile.stages.some((stage) => stage.kind === 'closed' && stage.thinkTimeS !== undefined)) return undefined;
  const burst = best('measured');
  const sustained = best('sustained');
  if (!burst && !sustained) return undefined;
  return { run: run.id, ...(burst && { burst }), ...(sustained && { sustained }) };
}

function describe({ name, throughputPerS, latencyUs }: StageRecord, number: number): MeasuredState {
  return {
    perS: throughputPerS,
    stage: name,
    number,
    ...(latencyUs && { p50Us: latencyUs.p50, p99Us: latencyUs.p99 }),
  };
}
