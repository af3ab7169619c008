// When requests are meant to start: a schedule that is known before the first of them and does not depend on the server.
import { seededRandom, unitExponential } from '../../../model/random.ts';

export type ArrivalPlan = {
  /** Of all generators together, at the begin and at the end; between them it changes evenly. */
  readonly arrivalRatePerS: { readonly from: number; readonly to: number };
  readonly durationS: number;
  /** Evenly spaced, or as many independent users come. */
  readonly arrivals: 'constant' | 'poisson';
  readonly seed: number;
  /** This generator's number and how many there are: of one schedule, each takes every N-th arrival. */
  readonly generator: number;
  readonly generators: number;
};

/**
 * Gives this generator's intended starts one after the other, in seconds since the stage's begin; Infinity when there are no
 * more. All generators together give the same starts as one alone would.
 */
export function scheduleArrivals(plan: ArrivalPlan): () => number {
  const { durationS } = plan;
  const { from, to } = plan.arrivalRatePerS;
  const total = ((from + to) / 2) * durationS;
  const next = plan.arrivals === 'constant' ? evenly(plan) : poisson(plan);
  return () => {
    const count = next();
    return count < total ? timeOfCount(count, from, to, durationS) : Number.POSITIVE_INFINITY;
  };
}

/**
 * When `count` arrivals are due: the inverse of the integrated rate from·t + (to - from)·t²/2D. The quadratic's root in the form
 * that divides by the sum, which is exact for a constant rate too.
 */
export function timeOfCount(count: number, from: number, to: number, durationS: number): number {
  if (count === 0) return 0;
  const slope = (to - from) / durationS;
  return (2 * count) / (from + Math.sqrt(Math.max(0, from * from + 2 * slope * count)));
}

/** Each arrival stands in the middle of its share, so no second gets one from its neighbour by rounding. */
function evenly({ generator, generators }: ArrivalPlan): () => number {
  let index = generator - generators;
  return () => {
    index += generators;
    return index + 0.5;
  };
}

/** Unit exponentials added up are a Poisson process of rate 1; the inverse above stretches it to the wanted rate. */
function poisson({ seed, generator, generators }: ArrivalPlan): () => number {
  const random = seededRandom(seed);
  let count = 0;
  let skip = generator + 1;
  return () => {
    for (; skip > 0; skip--) count += unitExponential(random);
    skip = generators;
    return count;
  };
}
