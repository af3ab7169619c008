// Runs on several types -> one sizing with what each measured, and how right the predictions from the first were.
import { type InstanceType, instanceCatalogue } from '../../model/catalogue/instance-catalogue.ts';
import type { SizingFinding } from '../schema/sizing-findings.ts';
import type { Workload } from '../traffic/day-load.ts';
import { type Graded, gradePredictions, predictFrom } from './grade-predictions.ts';
import type { RunSeen } from './rates/measured-type.ts';
import { type Sizing, sizeRun } from './size-run.ts';

/** A sizing, and its predictions graded against what was measured. */
export type GradedSizing = { readonly sizing: Sizing; readonly predictions: readonly Graded[] };

/** Sizes for the workload; without traffic, for the load that each type sustains. Undefined without a run. */
export function sizeRuns(
  seen: readonly RunSeen[],
  types: readonly InstanceType[],
  { traffic, builds }: Workload = {},
): GradedSizing | undefined {
  const [first, ...others] = seen;
  if (!first) return undefined;
  const options = { traffic, builds, mode: undefined, start: 'launch', count: 'app' } as const;
  const sizing = sizeRun({ ...first, ...options, catalogue: instanceCatalogue, others }, types);
  return { sizing, predictions: gradePredictions(seen) };
}

/** What a run predicts for a type before that is measured; undefined when it has no service demand. */
export function announcePrediction(seen: RunSeen, type: InstanceType): SizingFinding<'predicted'> | undefined {
  const { burstPerS, sustainedPerS } = predictFrom(seen, type) ?? {};
  if (!burstPerS || !sustainedPerS) return undefined;
  return { code: 'predicted', instanceType: type.instanceType, burstPerS, sustainedPerS };
}
