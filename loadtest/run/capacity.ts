// Searches the highest arrival rate that meets the SLO.
import type { Finding } from '../../model/finding.ts';
import { loadFinding } from '../messages.ts';
import { type CapacityInterval, capacityPosterior, type Probe } from './capacity-posterior.ts';

export type CapacitySearch = {
  /**
   * Sends `arrivalRatePerS` for a while and says whether the SLO held; `clear` when it was missed by so much that a mishap cannot
   * be the reason. Undefined ends the search (stopped, target dead).
   */
  readonly probe: (
    arrivalRatePerS: number,
  ) => Promise<{ readonly holds: boolean; readonly clear: boolean } | undefined>;
  /** Waits between probes until the target is calm again. */
  readonly rest: () => Promise<void>;
  /** First rate. */
  readonly from: number;
  /** No rate above it is tried: what the generators can hold. */
  readonly to: number;
  /** Rounds of probes around the edge, `quantiles` of them each. */
  readonly rounds: number;
  /** 0 to 1, seeded. */
  readonly random: () => number;
};

export type CapacityResult =
  | { readonly found: true; readonly capacity: CapacityInterval; readonly probes: readonly Probe[] }
  | { readonly found: false; readonly reason: Finding; readonly probes: readonly Probe[] };

/** Where a round probes: spread over what is still possible. */
const quantiles = [0.08, 0.3, 0.5, 0.7, 0.92];
/** Bisection ends when the bracket is this narrow: the rounds around the edge do the rest. */
const narrow = 1.06;

/**
 * Brackets by doubling, bisects, then probes around the edge in shuffled order, so that a drift of the machine does not look like
 * the edge. Every probe counts towards the interval, which is 95 % credible.
 */
export async function searchCapacity(search: CapacitySearch): Promise<CapacityResult> {
  const probes: Probe[] = [];
  let stopped = false;
  let clear = false;
  const ask = async (arrivalRatePerS: number): Promise<boolean> => {
    if (probes.length > 0) await search.rest();
    const answer = await search.probe(arrivalRatePerS);
    if (!answer) {
      stopped = true;
      return false;
    }
    clear = answer.clear;
    probes.push({ arrivalRatePerS, holds: answer.holds });
    return answer.holds;
  };
  const ended = (reason: Finding): CapacityResult => ({ found: false, reason, probes });

  // A failure here would throw the bracket far off if it was a mishap: it counts when it happens twice.
  const holdsAtLeastOnce = async (rate: number): Promise<boolean> =>
    (await ask(rate)) || (!stopped && !clear && (await ask(rate)));

  let high = search.from;
  while (await holdsAtLeastOnce(high)) {
    if (high >= search.to) return ended(loadFinding('slo-held-at-limit', { arrivalRatePerS: high }));
    high = Math.min(high * 2, search.to);
  }
  let low = Math.max(0, ...probes.filter((probe) => probe.holds).map((probe) => probe.arrivalRatePerS));
  if (low === 0) {
    // Not even the first rate: look for the edge below it.
    for (low = high / 2; !stopped && low >= 1 && !(await ask(low)); low /= 2) high = low;
    if (low < 1 && !stopped) return ended(loadFinding('slo-never-held'));
  }
  while (!stopped && high / low > narrow) {
    const middle = Math.sqrt(low * high);
    if (await ask(middle)) low = middle;
    else high = middle;
  }
  // One probe may have been wrong on either side: the posterior looks beyond the bracket.
  const [from, to] = [low / 1.5, high * 1.5];
  for (let round = 0; round < search.rounds && !stopped; round++) {
    const posterior = capacityPosterior(from, to, probes);
    for (const rate of shuffled(quantiles.map(posterior.quantile), search.random)) {
      if (!stopped) await ask(rate);
    }
  }
  if (stopped) return ended(loadFinding('search-stopped'));
  return { found: true, capacity: capacityPosterior(from, to, probes).interval(), probes };
}

/** Fisher and Yates' shuffle. */
function shuffled(values: readonly number[], random: () => number): number[] {
  const result = [...values];
  for (let index = result.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [result[index], result[other]] = [result[other] as number, result[index] as number];
  }
  return result;
}
