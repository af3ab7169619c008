// What open blocks at several rates say of the highest rate that meets the SLO.
import type { Finding } from '../../model/finding.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { loadFinding } from '../messages.ts';
import { capacityPosterior } from './capacity-posterior.ts';

/** One rate that was sent, and what it says. */
export type OpenBlock = {
  readonly arrivalRatePerS: number;
  /** Index of its stage in the run. */
  readonly stage: number;
  /** `generator`: it was at its own limit, so nothing is known of the target at this rate. `disturbed`: it says nothing at all. */
  readonly answer: 'holds' | 'fails' | 'generator' | 'disturbed';
  /** Why it does not hold, or does not count. */
  readonly reasons: readonly Finding[];
};

type Capacity = NonNullable<RunRecord['capacityAtSlo']>;

/** The capacity, or why it was not found; both where all that is known is the rate that it is less than. */
export type AtSlo = { readonly capacity: Capacity; readonly missing?: Finding } | { readonly missing: Finding };

/** Rates that are possible, in requests per second. */
type Bracket = { readonly from: number; readonly to: number };

/** Of the arrivals that a block may queue or drop, in the jitter of a second: the true capacity may be lower by as much. */
export const unseenInBlock = 0.02;
/** A search ends when the generator's limit is so near above a rate that held. */
const nearLimit = 1.05;

/** Blocks that say something of the target. What failed where a lower rate was too much for the generator may be the generator's. */
export function countedOf(blocks: readonly OpenBlock[]): readonly OpenBlock[] {
  const limitPerS = generatorLimit(blocks);
  return blocks.filter(
    ({ answer, arrivalRatePerS }) => answer === 'holds' || (answer === 'fails' && arrivalRatePerS < limitPerS),
  );
}

/** The rate of the next block: the middle of what is still possible and can be sent. Undefined where nothing is. */
export function nextRate(blocks: readonly OpenBlock[], { from, to }: Bracket): number | undefined {
  const counted = countedOf(blocks);
  const limitPerS = Math.min(to, generatorLimit(blocks));
  const heldPerS = Math.max(from, ...counted.filter(({ answer }) => answer === 'holds').map(rateOf));
  if (limitPerS < heldPerS * nearLimit) return undefined;
  return capacityPosterior(from, limitPerS, probesOf(counted)).quantile(0.5);
}

/** The capacity with its 95 % credible interval. `atLeast` where no block failed: the target may carry more than was sent. */
export function concludeAtSlo(blocks: readonly OpenBlock[], { from, to }: Bracket, slo: readonly string[]): AtSlo {
  const counted = countedOf(blocks);
  const evidence = {
    slo: [...slo],
    probes: blocks.map(({ answer, reasons, ...block }) => ({
      ...block,
      holds: answer === 'holds',
      reasons: [...reasons],
    })),
  };
  if (!counted.some(({ answer }) => answer === 'holds')) {
    const missing = whyMissing(blocks, counted);
    if (counted.length === 0) return { missing };
    const high = Math.min(...counted.map(rateOf));
    return { capacity: { arrivalRatePerS: high, low: 0, high, atMost: true, ...evidence }, missing };
  }
  const { arrivalRatePerS, low, high } = capacityPosterior(from, to, probesOf(counted)).interval();
  const lowest = low * (1 - unseenInBlock);
  const atLeast = counted.every(({ answer }) => answer === 'holds');
  return {
    capacity: {
      ...(atLeast
        ? { arrivalRatePerS: lowest, low: lowest, high: to, atLeast }
        : { arrivalRatePerS: arrivalRatePerS * (1 - unseenInBlock / 2), low: lowest, high }),
      ...evidence,
    },
  };
}

function whyMissing(blocks: readonly OpenBlock[], counted: readonly OpenBlock[]): Finding {
  const [lowest] = [...counted].sort((a, b) => a.arrivalRatePerS - b.arrivalRatePerS);
  if (lowest) {
    const { arrivalRatePerS, reasons } = lowest;
    return loadFinding('slo-missed-at', { arrivalRatePerS, reasons: reasons.map(({ text = '' }) => ({ text })) });
  }
  const cause = (blocks.find(({ answer }) => answer === 'generator') ?? blocks[0])?.reasons[0];
  return cause ? loadFinding('blocks-not-counted', { of: blocks.length, cause }) : loadFinding('search-stopped');
}

function generatorLimit(blocks: readonly OpenBlock[]): number {
  return Math.min(...blocks.filter(({ answer }) => answer === 'generator').map(rateOf));
}

function rateOf({ arrivalRatePerS }: OpenBlock): number {
  return arrivalRatePerS;
}

function probesOf(counted: readonly OpenBlock[]) {
  return counted.map(({ arrivalRatePerS, answer }) => ({ arrivalRatePerS, holds: answer === 'holds' }));
}
