// How latency is spread: the share of answers in each of a row of equal steps of its logarithm.
import { addLatency } from './coarse.ts';
import type { StageSample } from './second-sample.ts';

/** Middle of the step in microseconds, and the percent of all answers in it. */
export type Density = readonly (readonly [number, number])[];

/** Steps to a tenfold: 24 show two humps apart, and are not yet noise. */
const stepsPerDecade = 24;

/** The spread over all stages; empty when nothing was answered. Steps between the lowest and the highest that are empty hold 0. */
export function spreadOf(stages: readonly StageSample[]): Density {
  const latency = addLatency(stages.flatMap(({ seconds }) => seconds));
  const total = latency.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return [];
  const step = (us: number) => Math.floor(stepsPerDecade * Math.log10(Math.max(1, us)));
  const counts = new Map<number, number>();
  for (const [us, count] of latency) counts.set(step(us), (counts.get(step(us)) ?? 0) + count);
  const [first, last] = [step(latency[0]?.[0] ?? 1), step(latency.at(-1)?.[0] ?? 1)];
  return Array.from({ length: last - first + 1 }, (_, index) => [
    10 ** ((first + index + 0.5) / stepsPerDecade),
    (100 * (counts.get(first + index) ?? 0)) / total,
  ]);
}
