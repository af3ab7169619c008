// A compared metric over the seconds of a run, as often as the bootstrap draws each of them.
import { highestValue } from '../../model/latency/encoded-histogram.ts';
import { addLatency, meanUs, sumUs, totalOf } from '../../model/latency/latency-counts.ts';
import type { Weights } from '../series/bootstrap.ts';
import type { SecondSample, StageSample } from '../series/second-sample.ts';
import type { ComparedMetric } from './margin.ts';

/** The metric of one second, whose autocorrelation sets the block length of the bootstrap. */
export function perSecond(second: SecondSample, metric: ComparedMetric): number {
  if (metric === 'throughput') return second.completed / second.durationS;
  if (metric === 'errors.rate') return second.errors / Math.max(1, second.ended);
  if (metric === 'dropped.rate') return second.dropped / Math.max(1, second.intended);
  return meanUs(second.latency) ?? 0;
}

type Part = (second: SecondSample) => number;

/** Metrics that are the sum of one figure over the sum of another. */
const ratios: Partial<Readonly<Record<ComparedMetric, readonly [Part, Part]>>> = {
  throughput: [({ completed }) => completed, ({ durationS }) => durationS],
  'errors.rate': [({ errors }) => 100 * errors, ({ ended }) => ended],
  'dropped.rate': [({ dropped }) => 100 * dropped, ({ intended }) => intended],
  'latency.mean': [({ latency }) => sumUs(latency), ({ latency }) => totalOf(latency)],
};

const shares = {
  'latency.p50': 0.5,
  'latency.p90': 0.9,
  'latency.p95': 0.95,
  'latency.p99': 0.99,
  'latency.p999': 0.999,
} as const;

/** The metric over all stages, each second weighted. */
export function createStatistic(
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
  const parts = ratios[metric as keyof typeof ratios];
  if (parts) {
    const [above, below] = parts.map((of) => Float64Array.from(seconds, of)) as [Float64Array, Float64Array];
    return (weights) => {
      const each = flatten(weights);
      const under = weighted(each, below);
      return under > 0 ? weighted(each, above) / under : undefined;
    };
  }
  const percentile = percentileOf(seconds, shares[metric as keyof typeof shares]);
  return (weights) => percentile(flatten(weights));
}

function weighted(weights: Float64Array, values: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < values.length; at++) sum += (weights[at] as number) * (values[at] as number);
  return sum;
}

/** For each latency that occurs, in rising order: how many responses of each second are at or below it. */
type Cumulative = { readonly indexes: Uint32Array; readonly below: readonly Float64Array[] };

function cumulate(seconds: readonly SecondSample[]): Cumulative {
  const { indexes } = addLatency(seconds.map(({ latency }) => latency));
  // A row per value, so that a draw reads its rows sequentially.
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

/** The value that `share` of the latencies does not exceed. Cumulative counts are made once; a draw then finds its percentile by bisection. */
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
