// Two runs second by second, and the second from which they diverge.
import { meanUs } from '../../model/latency/latency-counts.ts';
import type { SecondSample, StageSample } from './second-sample.ts';

export type PairedSecond = {
  readonly stage: string;
  /** Of the stage, from 0. */
  readonly second: number;
  readonly baseline: number;
  readonly candidate: number;
};

export type Paired = {
  readonly figure: 'throughput' | 'mean latency';
  readonly seconds: readonly PairedSecond[];
  /** Index in `seconds` of the first one from which the runs diverge; absent when they do not. */
  readonly divergesAt?: number;
};

/** So many seconds in a row must differ in the same direction: a single one is chance. */
const inARow = 5;
/** Of the noise between neighbouring seconds. */
const sigmas = 3;
/** A smaller difference does not matter, however quiet the runs. */
const leastShare = 0.02;

/** Pairs the seconds that both runs have by their throughput, or by mean latency for open stages, whose throughput is given. */
export function pairSeconds(
  baseline: readonly StageSample[],
  candidate: readonly StageSample[],
  figure: Paired['figure'],
): Paired {
  const seconds = baseline.flatMap(({ stage, seconds: own }) => {
    const other = candidate.find((each) => each.stage === stage)?.seconds ?? [];
    return own.slice(0, other.length).flatMap((second, index): PairedSecond[] => {
      const values = [second, other[index] as SecondSample].map((each) => figureOf(each, figure));
      const [first, next] = values;
      return first === undefined || next === undefined
        ? []
        : [{ stage, second: index, baseline: first, candidate: next }];
    });
  });
  const divergesAt = findDivergence(seconds);
  return { figure, seconds, ...(divergesAt !== undefined && { divergesAt }) };
}

function figureOf(second: SecondSample, figure: Paired['figure']): number | undefined {
  if (figure === 'throughput') return second.completed > 0 ? second.completed / second.durationS : undefined;
  return meanUs(second.latency);
}

/** Index of the first of five seconds in a row that differ by more than three times the noise, in the same direction. */
function findDivergence(seconds: readonly PairedSecond[]): number | undefined {
  const apart = seconds.map(({ baseline, candidate }) =>
    Math.log(Math.max(1e-9, candidate) / Math.max(1e-9, baseline)),
  );
  const noise = Math.hypot(noiseOf(seconds, 'baseline'), noiseOf(seconds, 'candidate'));
  const limit = Math.max(leastShare, sigmas * noise);
  let run = 0;
  for (const [index, each] of apart.entries()) {
    const side = Math.abs(each) <= limit ? 0 : Math.sign(each);
    run = side === 0 ? 0 : side === Math.sign(run) ? run + side : side;
    if (Math.abs(run) === inARow) return index - inARow + 1;
  }
  return undefined;
}

/** Robust standard deviation of the logarithm, from the steps between neighbours of one stage: a slow drift does not count as noise. */
function noiseOf(seconds: readonly PairedSecond[], side: 'baseline' | 'candidate'): number {
  const steps = seconds.slice(1).flatMap((each, index) => {
    const before = seconds[index] as PairedSecond;
    return each.stage === before.stage ? [Math.abs(Math.log(each[side] / before[side]))] : [];
  });
  const sorted = steps.filter(Number.isFinite).sort((a, b) => a - b);
  // Of a normal distribution the median of |x| is 0.6745 sigma; a step between two has the root of 2 of their spread.
  return (sorted[Math.floor(sorted.length / 2)] ?? 0) / 0.6745 / Math.SQRT2;
}
