// Predicted, then measured: what a run on one instance said of another, against the run on that other.
import { type InstanceType, instanceCatalogue } from '../model/instance-catalogue.ts';
import type { Observed } from '../model/observed.ts';
import type { RunRecord } from '../model/run-record.ts';
import { formatPercent, formatRate } from './format.ts';
import { type Sizing, sizeRun } from './sizing.ts';

export type Graded = {
  readonly instanceType: string;
  /** The run that it was predicted from. */
  readonly from: string;
  readonly predictedPerS: number;
  /** The highest throughput of a measured stage. */
  readonly measuredPerS: number;
  /** Predicted against measured: above 0 is too much promised. */
  readonly errorPercent: number;
  readonly text: string;
};

export type Comparison = { readonly sizing: Sizing; readonly predictions: readonly Graded[] };

export type RunSeen = { readonly run: RunRecord; readonly observed: Observed | undefined };

/** The types as the first run sees them, and how right it was about those that were measured too. */
export function compareInstances(seen: readonly RunSeen[], types: readonly InstanceType[]): Comparison | undefined {
  const [first] = seen;
  return first && { sizing: sizeRun(withoutTraffic(first), types), predictions: gradePredictions(seen) };
}

function withoutTraffic(seen: RunSeen) {
  return {
    ...seen,
    traffic: undefined,
    builds: undefined,
    mode: undefined,
    start: 'launch' as const,
    count: 'app' as const,
    catalogue: instanceCatalogue,
  };
}

/** Grades the burst capacity that the first run predicts for each other one; runs that were not measured up to their end are left out. */
export function gradePredictions([first, ...others]: readonly RunSeen[]): readonly Graded[] {
  if (!first) return [];
  return others.flatMap(({ run }) => {
    const type = instanceCatalogue.find((each) => each.instanceType === run.target.instanceType);
    const measuredPerS = Math.max(
      0,
      ...run.stages.filter((stage) => stage.role === 'measured').map((stage) => stage.throughputPerS),
    );
    if (!type || run.status !== 'complete' || measuredPerS === 0) return [];
    const predictedPerS = sizeRun(withoutTraffic(first), [type]).instances[0]?.burstPerS?.value;
    if (predictedPerS === undefined) return [];
    const errorPercent = 100 * (predictedPerS / measuredPerS - 1);
    const from = first.run.target.instanceType ?? first.run.id;
    return [
      {
        instanceType: type.instanceType,
        from: first.run.id,
        predictedPerS,
        measuredPerS,
        errorPercent,
        text: `${type.instanceType}: ${formatRate(predictedPerS)} predicted from ${from}, ${formatRate(measuredPerS)} measured: ${errorPercent > 0 ? '+' : ''}${formatPercent(errorPercent)}`,
      },
    ];
  });
}
