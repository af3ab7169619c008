// Which thresholds would have caught the breaches and nothing else.
import type { BacktestedMonitor } from '../../model/alarms.ts';
import type { Evaluation } from '../query/evaluate-query.ts';
import type { Comparator } from '../query/query.ts';

/** When the machine really was in trouble. */
export type Breach = { readonly from: string; readonly to: string };

type SweepResult = NonNullable<BacktestedMonitor['sweep']>;

/**
 * An evaluation belongs to a breach when it is made during it or before its last sample has left the window. A threshold catches
 * a breach that it is beyond in at least one evaluation, and is false when it is beyond in one that belongs to none.
 */
export function sweepThreshold(
  comparator: Comparator,
  windowS: number,
  evaluations: readonly Evaluation[],
  breaches: readonly Breach[],
): SweepResult {
  if (breaches.length === 0) return { why: 'no breach is known in this record' };
  if (comparator === '==' || comparator === '!=') return { why: `there is no order in ${comparator}` };
  // For "below" the signs are turned, so that higher is always worse.
  const sign = comparator.startsWith('<') ? -1 : 1;
  const spans = breaches.map(({ from, to }) => ({
    fromMs: Date.parse(from),
    toMs: Date.parse(to) + (windowS + 60) * 1000,
  }));
  const worst = spans.map(() => Number.NEGATIVE_INFINITY);
  let quiet = Number.NEGATIVE_INFINITY;
  for (const { atMs, value } of evaluations) {
    if (value === undefined) continue;
    const inside = spans.flatMap(({ fromMs, toMs }, index) => (atMs >= fromMs && atMs <= toMs ? [index] : []));
    for (const index of inside) worst[index] = Math.max(worst[index] ?? value, sign * value);
    if (inside.length === 0) quiet = Math.max(quiet, sign * value);
  }
  const least = Math.min(...worst);
  if (!Number.isFinite(least)) return { why: 'a breach has no evaluation with data' };
  if (quiet >= least) {
    return {
      why: `at rest it came to ${round(sign * quiet)}, in a breach only to ${round(sign * least)}: no threshold tells them apart`,
    };
  }
  return {
    catches: {
      ...(Number.isFinite(quiet) && { quiet: sign * quiet }),
      worst: sign * least,
      // In the middle, with as few digits as keep it there.
      suggested: sign * (Number.isFinite(quiet) ? shortest(quiet, least) : least * (least > 0 ? 0.9 : 1.1)),
    },
  };
}

function shortest(low: number, high: number): number {
  const middle = (low + high) / 2;
  for (let digits = 1; digits < 15; digits++) {
    const rounded = Number(middle.toPrecision(digits));
    if (rounded > low && rounded < high) return rounded;
  }
  return middle;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
