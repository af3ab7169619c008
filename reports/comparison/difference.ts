// Does one run differ from another, by more than chance, and by more than is allowed?
import { highestValue } from '../../model/encoded-histogram.ts';
import { addLatency, meanUs, sumUs, totalOf } from '../../model/latency-counts.ts';
import { bootstrapInterval, fewestSeconds, type Stratum, type Weights } from '../series/bootstrap.ts';
import type { Estimate } from '../series/regression.ts';
import type { SecondSample, StageSample } from '../series/second-sample.ts';
import { type ComparedMetric, type Margin, moreIsWorse } from './margin.ts';

export type Difference = {
  readonly metric: ComparedMetric;
  readonly baseline: number;
  readonly candidate: number;
  /** Candidate less baseline with its 95 % interval, in the metric's base unit. */
  readonly difference: Estimate;
  /** Whether the interval leaves 0 out. */
  readonly verdict: 'differs' | 'no difference';
  /** Of each run, that it rests on. */
  readonly seconds: { readonly baseline: number; readonly candidate: number };
};

export type MarginVerdict = {
  readonly expression: string;
  /** `is`: worse by more than the margin; `is-not`: not; `needs-more`: the interval holds the margin. */
  readonly verdict: 'is' | 'is-not' | 'needs-more' | 'no-data';
  /** More load, of each run, that would decide if the difference stays as it is; absent when a day would not do. */
  readonly needsMinutes?: number;
  readonly text: string;
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

/** Why two runs were not compared. */
export const tooShort = `the runs have fewer than ${fewestSeconds} measured seconds in stages of the same name, too little to tell: make those longer`;

/** Judges a margin (a test of non-inferiority): is the candidate worse by more than it? */
export function judgeMargin(margin: Margin, found: Difference | undefined): MarginVerdict {
  const { expression } = margin;
  if (!found) return { expression, verdict: 'no-data', text: `${expression}: ${tooShort}` };
  const sign = moreIsWorse(margin.metric) ? 1 : -1;
  const allowed = margin.amount ?? (margin.share ?? 0) * Math.abs(found.baseline);
  const worse = sign * found.difference.value;
  const ends = [sign * found.difference.low, sign * found.difference.high];
  const least = Math.min(...ends);
  const most = Math.max(...ends);
  if (most <= allowed)
    return { expression, verdict: 'is-not', text: `it is not worse by more than the margin ${expression}` };
  if (least > allowed) return { expression, verdict: 'is', text: `it is worse by more than the margin ${expression}` };
  // The interval narrows with the root of the time.
  const half = worse > allowed ? worse - least : most - worse;
  const seconds = Math.min(found.seconds.baseline, found.seconds.candidate);
  const more = (seconds * ((half / Math.abs(worse - allowed)) ** 2 - 1)) / 60;
  const needsMinutes = Math.max(1, Math.ceil(more));
  return needsMinutes <= longestMinutes
    ? {
        expression,
        verdict: 'needs-more',
        needsMinutes,
        text: `${expression} is open: it needs ${needsMinutes} more minutes of each run`,
      }
    : {
        expression,
        verdict: 'needs-more',
        text: `${expression} is open, and the difference is too near to the margin to tell in a day`,
      };
}

/** What shows how a metric's seconds hang together. */
function perSecond(second: SecondSample, metric: ComparedMetric): number {
  if (metric === 'throughput') return second.completed / second.durationS;
  if (metric === 'errors.rate') return second.errors / Math.max(1, second.ended);
  if (metric === 'dropped.rate') return second.dropped / Math.max(1, second.intended);
  return meanUs(second.latency) ?? 0;
}

/** The metric over all stages, each second as often as its weight says. */
function createStatistic(
  stages: readonly StageSample[],
  metric: ComparedMetric,
): (weights: Weights) => number | undefined {
  const seconds = stages.flatMap(({ seconds: each }) => each);
  const flat = new Float64Array(seconds.length);
  const flatten = (weights: Weights): Float64Array => {
    let at = 0;
    for (const each of weights) {
      flat.set(each, at);
      at += each.length;
    }
    return flat;
  };
  const ratio = (of: (second: SecondSample) => number, by: (second: SecondSample) => number) => {
    const [above, below] = [Float64Array.from(seconds, of), Float64Array.from(seconds, by)];
    return (weights: Weights) => {
      const each = flatten(weights);
      const under = weighted(each, below);
      return under > 0 ? weighted(each, above) / under : undefined;
    };
  };
  switch (metric) {
    case 'throughput':
      return ratio(
        (each) => each.completed,
        (each) => each.durationS,
      );
    case 'errors.rate':
      return ratio(
        (each) => 100 * each.errors,
        (each) => each.ended,
      );
    case 'dropped.rate':
      return ratio(
        (each) => 100 * each.dropped,
        (each) => each.intended,
      );
    case 'latency.mean':
      return ratio(
        ({ latency }) => sumUs(latency),
        ({ latency }) => totalOf(latency),
      );
    default: {
      const share = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 }[metric.slice('latency.'.length)];
      const percentile = percentileOf(seconds, share ?? 0.5);
      return (weights) => percentile(flatten(weights));
    }
  }
}

function weighted(weights: Float64Array, values: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += (weights[at] as number) * (values[at] as number);
  return sum;
}

/** Of each latency that occurs (rising): how many answers of each second are at or below it. */
type Cumulative = { readonly indexes: Uint32Array; readonly below: readonly Float64Array[] };

function cumulate(seconds: readonly SecondSample[]): Cumulative {
  const { indexes } = addLatency(seconds.map(({ latency }) => latency));
  // Row by value, so that a draw reads its rows from end to end.
  const below = Array.from(indexes, () => new Float64Array(seconds.length));
  const place = new Uint32Array((indexes.at(-1) ?? 0) + 1);
  indexes.forEach((index, position) => {
    place[index] = position;
  });
  seconds.forEach(({ latency }, second) => {
    latency.indexes.forEach((index, position) => {
      (below[place[index] as number] as Float64Array)[second] = latency.counts[position] as number;
    });
  });
  for (let index = 1; index < below.length; index++) {
    const [row, before] = [below[index] as Float64Array, below[index - 1] as Float64Array];
    for (let second = 0; second < row.length; second++)
      row[second] = (row[second] as number) + (before[second] as number);
  }
  return { indexes, below };
}

/**
 * The value that so large a share does not exceed. How many answers of a second are at or below each value is added up once; a draw
 * then looks for its percentile by halving, and needs not count anew.
 */
function percentileOf(seconds: readonly SecondSample[], share: number): (weights: Float64Array) => number | undefined {
  const { indexes, below } = cumulate(seconds);
  const last = below.at(-1);
  return (weights) => {
    const total = last ? weighted(weights, last) : 0;
    if (total === 0) return undefined;
    let [low, high] = [0, indexes.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (weighted(weights, below[middle] as Float64Array) >= share * total - 1e-9) high = middle;
      else low = middle + 1;
    }
    return highestValue(indexes[low] as number);
  };
}
