// Predicted, then measured: the rates that a run on one type predicted for others, against the runs on them.
import { type InstanceType, instanceCatalogue } from '../../model/catalogue/instance-catalogue.ts';
import type { SizingFinding } from '../schema/sizing-findings.ts';
import type { Estimate } from '../series/regression.ts';
import { findSuspects } from './prediction-suspects.ts';
import { type MeasuredState, measuredType, type RunSeen } from './rates/measured-type.ts';
import { sizeRun } from './size-run.ts';
import type { SizedInstance } from './size-type.ts';

export type Graded = SizingFinding<'prediction'>;

/** Grades what the first run predicts for each other one and for its own sustained rate; incomplete runs are left out. */
export function gradePredictions(seen: readonly RunSeen[]): readonly Graded[] {
  const [first] = seen;
  return first ? seen.flatMap((each) => gradeRun(first, each)) : [];
}

/** What a run alone says of a type, without traffic. */
export function predictFrom(first: RunSeen, type: InstanceType): SizedInstance | undefined {
  const options = { traffic: undefined, builds: undefined, mode: undefined, start: 'launch', count: 'app' } as const;
  // What is declared to run beside the app did not run beside what was measured.
  const { with: _, ...target } = first.run.target;
  const alone = { ...first, run: { ...first.run, target } };
  return sizeRun({ ...alone, ...options, catalogue: instanceCatalogue }, [type]).instances[0];
}

function gradeRun(first: RunSeen, each: RunSeen): readonly Graded[] {
  const type = instanceCatalogue.find(({ instanceType }) => instanceType === each.run.target.instanceType);
  const measured = type && measuredType(each);
  if (!type || !measured) return [];
  const { burstPerS, sustainedPerS } = predictFrom(first, type) ?? {};
  // A run predicts nothing of its own burst rate.
  const burst = each === first ? undefined : grade('burst', burstPerS, measured.burst);
  // Nor of its own sustained rate where its slices were counted in that very stage.
  const isOwn = each === first && each.run.stages.some(({ role, blocks }) => role === 'sustained' && blocks);
  const sustained = isOwn ? undefined : grade('sustained', sustainedPerS, measured.sustained);
  return [burst, sustained].filter((graded) => graded !== undefined);

  function grade(
    state: Graded['state'],
    predicted: Estimate | undefined,
    found: MeasuredState | undefined,
  ): Graded | undefined {
    if (!type || !predicted || !found) return undefined;
    const { value: predictedPerS, low, high } = predicted;
    const errorPercent = 100 * (predictedPerS / found.perS - 1);
    const held = low <= found.perS && found.perS <= high;
    return {
      code: 'prediction',
      instanceType: type.instanceType,
      state,
      from: first.run.id,
      fromType: first.run.target.instanceType ?? first.run.id,
      measuredIn: each.run.id,
      predictedAt: first.run.finishedAt ?? first.run.startedAt,
      predictedPerS,
      low,
      high,
      measuredPerS: found.perS,
      errorPercent,
      held,
      suspects: held ? [] : findSuspects({ first, each, found, type, isOptimistic: errorPercent > 0 }),
    };
  }
}
