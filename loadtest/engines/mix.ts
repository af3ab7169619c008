// The order in which a mix of weighted routes is sent.
import type { Route } from '../../model/profile.ts';

/** Longest sequence that is made; weights that need a longer one are met to within 1 in this many. */
const longest = 1000;

/**
 * Indices into `routes` in the order to send them: every route as often as its weight says, spread evenly (nginx's smooth weighted
 * round-robin). As long as whole-number weights need, else 1,000.
 */
export function requestSequence(routes: readonly Route[]): number[] {
  const weights = routes.map((route) => route.weight);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const whole = weights.every(Number.isInteger);
  const divisor = whole ? weights.reduce(greatestCommonDivisor) : 1;
  const length = whole && total / divisor <= longest ? total / divisor : longest;
  const credit = weights.map(() => 0);
  return Array.from({ length }, () => {
    let chosen = 0;
    for (let index = 0; index < weights.length; index++) {
      credit[index] = (credit[index] ?? 0) + (weights[index] ?? 0);
      if ((credit[index] ?? 0) > (credit[chosen] ?? 0)) chosen = index;
    }
    credit[chosen] = (credit[chosen] ?? 0) - total;
    return chosen;
  });
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
