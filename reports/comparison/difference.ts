// Does one run differ from another significantly, and by more than a margin?
import type { Finding } from '../../model/finding.ts';
import { compared } from '../schema/comparison-findings.ts';
import { bootstrapInterval, fewestSeconds, type Stratum } from '../series/bootstrap.ts';
import type { Estimate } from '../series/regression.ts';
import type { StageSample } from '../series/second-sample.ts';
import { type ComparedMetric, type Margin, moreIsWorse } from './margin.ts';
import { createStatistic, perSecond } from './statistic.ts';

export type Difference = {
  readonly metric: ComparedMetric;
  readonly baseline: number;
  readonly candidate: number;
  /** Candidate minus baseline with its 95 % interval, in the metric's base unit. */
  readonly difference: Estimate;
  /** Whether the interval excludes 0. */
  readonly verdict: 'differs' | 'no difference';
  /** Measured seconds of each run. */
  readonly seconds: { readonly baseline: number; readonly candidate: number };
};

export type MarginVerdict = Finding & {
  readonly code: 'margin';
  readonly expression: string;
  /** `is`: worse by more than the margin; `is-not`: not; `needs-more`: the interval contains the margin. */
  readonly verdict: 'is' | 'is-not' | 'needs-more' | 'no-data';
  /** More load of each run that would decide if the difference stays the same; absent when it is more than a day. */
  readonly needsMinutes?: number;
};

const longestMinutes = 24 * 60;

/** Compares the stages that both runs have, by name; undefined when there is nothing to compare, or too little. */
export function compareRuns(
  baseline: readonly StageSample[],
  candidate: readonly StageSample[],
  metric: ComparedMetric,
  seed = 1,
): Difference | undefined {
  const shared = (of: readonly StageSample[], other: readonly StageSample[]) =>
    of.filter(({ stage }) => other.some((each) => each.stage === stage)).sort((a, b) => (a.stage < b.stage ? -1 : 1));
  const sides = [shared(baseline, candidate), shared(candidate, baseline)] as const;
  const measure = sides.map((stages) => createStatistic(stages, metric));
  const strata = sides.map((stages) =>
    stages.map(({ seconds }): Stratum => ({ series: seconds.map((each) => perSecond(each, metric)) })),
  );
  const all = strata.map((each) => each.map(({ series }) => new Float64Array(series.length).fill(1)));
  const values = measure.map((of, side) => of(all[side] ?? []));
  const difference = bootstrapInterval(
    strata,
    (weights) => {
      const [first, second] = measure.map((of, side) => of(weights[side] ?? []));
      return first === undefined || second === undefined ? undefined : second - first;
    },
    seed,
  );
  const [before, after] = values;
  if (!difference || before === undefined || after === undefined) return undefined;
  const count = (stages: readonly StageSample[]) => stages.reduce((sum, { seconds }) => sum + seconds.length, 0);
  return {
    metric,
    baseline: before,
    candidate: after,
    difference,
    verdict: difference.low > 0 || difference.high < 0 ? 'differs' : 'no difference',
    seconds: { baseline: count(sides[0]), candidate: count(sides[1]) },
  };
}

/** One run's own figure over all its stages with its 95 % interval; undefined when there is too little of it. */
export function estimateRun(stages: readonly StageSample[], metric: ComparedMetric, seed = 1): Estimate | undefined {
  const measure = createStatistic(stages, metric);
  const strata = stages.map(({ seconds }): Stratum => ({ series: seconds.map((each) => perSecond(each, metric)) }));
  return bootstrapInterval([strata], ([weights]) => weights && measure(weights), seed);
}

/** Judges a margin (a test of non-inferiority): is the candidate worse by more than it? */
export function judgeMargin(margin: Margin, found: Difference | undefined): MarginVerdict {
  const { expression } = margin;
  const verdict = (verdict: MarginVerdict['verdict'], more: { needsMinutes?: number; neededS?: number } = {}) => ({
    ...compared('margin', { expression, verdict, ...more }),
    expression,
    verdict,
  });
  if (!found) return verdict('no-data', { neededS: fewestSeconds });
  const sign = moreIsWorse(margin.metric) ? 1 : -1;
  const allowed = margin.amount ?? (margin.share ?? 0) * Math.abs(found.baseline);
  const worse = sign * found.difference.value;
  const ends = [sign * found.difference.low, sign * found.difference.high];
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  if (most <= allowed) return verdict('is-not');
  if (least > allowed) return verdict('is');
  // The interval narrows with the root of the time.
  const half = worse > allowed ? worse - least : most - worse;
  const seconds = Math.min(found.seconds.baseline, found.seconds.candidate);
  const more = (seconds * ((half / Math.abs(worse - allowed)) ** 2 - 1)) / 60;
  const needsMinutes = Math.max(1, Math.ceil(more));
  return verdict('needs-more', needsMinutes <= longestMinutes ? { needsMinutes } : {});
}
