// What probes say about the capacity: a probability for every rate, so that the answer is an interval and not a guess.
//
// A probe is a yes-or-no answer at one rate, as in psychometrics; the capacity is the rate at which "yes" turns into "no". As there
// (Watson & Pelli 1983, QUEST; Kontsevich & Tyler 1999, with an unknown slope), the chance that a probe at rate r holds is
//   p(r) = lapse + (1 - 2 lapse) / (1 + (r / c)^(1 / slope))
// and Bayes' rule over a grid of capacities c and slopes gives what is known after any number of probes.

export type Probe = { readonly arrivalRatePerS: number; readonly holds: boolean };

export type CapacityInterval = {
  /** Median of what is known. */
  readonly arrivalRatePerS: number;
  /** 95 % credible. */
  readonly low: number;
  readonly high: number;
};

/** A probe may fail below the capacity, or hold above it, for a reason that has nothing to do with the rate: a stall of the machine. */
const lapse = 0.04;
/** Width of the edge, as a fraction of the capacity: from a sharp one to a blurred one. */
const slopes = [0.002, 0.005, 0.01, 0.02, 0.04];
/** Grid points over the bracket; 0.2 % apart for a bracket of two and a half. */
const points = 450;

type Posterior = {
  /** The rate below which the capacity lies with this probability. */
  quantile(probability: number): number;
  interval(): CapacityInterval;
};

/** What the probes say of a capacity between `from` and `to` (per second), before which every rate is as likely as any other. */
export function capacityPosterior(from: number, to: number, probes: readonly Probe[]): Posterior {
  const step = Math.log(to / from) / (points - 1);
  const rates = Array.from({ length: points }, (_, index) => from * Math.exp(step * index));
  const logWeights = rates.map((capacity) => {
    const bySlope = slopes.map((slope) =>
      probes.reduce((sum, probe) => sum + Math.log(chance(probe, capacity, slope)), 0),
    );
    const best = Math.max(...bySlope);
    return best + Math.log(bySlope.reduce((sum, each) => sum + Math.exp(each - best), 0));
  });
  const best = Math.max(...logWeights);
  const weights = logWeights.map((weight) => Math.exp(weight - best));
  const total = weights.reduce((sum, weight) => sum + weight, 0);

  const quantile = (probability: number): number => {
    let below = 0;
    for (let index = 0; index < points; index++) {
      below += (weights[index] as number) / total;
      if (below >= probability) return rates[index] as number;
    }
    return to;
  };
  return {
    quantile,
    interval: () => ({ arrivalRatePerS: quantile(0.5), low: quantile(0.025), high: quantile(0.975) }),
  };
}

function chance({ arrivalRatePerS, holds }: Probe, capacity: number, slope: number): number {
  const yes = lapse + (1 - 2 * lapse) / (1 + (arrivalRatePerS / capacity) ** (1 / slope));
  return holds ? yes : 1 - yes;
}
