// How latency is spread: the share of answers in each of a row of equal steps of its logarithm.
import { highestValue } from '../../model/latency/encoded-histogram.ts';
import { addLatency, totalOf } from '../../model/latency/latency-counts.ts';
import type { StageSample } from './second-sample.ts';

/** Middle of the step in microseconds, and the percent of all answers in it. */
export type Density = readonly (readonly [number, number])[];

/** Steps to a tenfold: 24 show two humps apart, and are not yet noise. */
const stepsPerDecade = 24;

/** The spread over all stages; empty when nothing was answered. Steps between the lowest and the highest that are empty hold 0. */
export function spreadOf(stages: readonly StageSample[]): Density {
  const latency = addLatency(stages.flatMap(({ seconds }) => seconds.map((each) => each.latency)));
  const total = totalOf(latency);
  if (total === 0) return [];
  const step = (index: number) => Math.floor(stepsPerDecade * Math.log10(Math.max(1, highestValue(index))));
  const counts = new Map<number, number>();
  latency.indexes.forEach((index, position) => {
    counts.set(step(index), (counts.get(step(index)) ?? 0) + (latency.counts[position] as number));
  });
  const [first, last] = [step(latency.indexes[0] ?? 0), step(latency.indexes.at(-1) ?? 0)];
  return Array.from({ length: last - first + 1 }, (_, index) => [
    10 ** ((first + index + 0.5) / stepsPerDecade),
    (100 * (counts.get(first + index) ?? 0)) / total,
  ]);
}
