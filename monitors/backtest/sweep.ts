// Finds the thresholds that would have caught all breaches without a false alarm.
import type { BacktestedMonitor } from '../../model/alarms.ts';
import { monitorFinding } from '../messages.ts';
import type { Evaluation } from '../query/evaluate-query.ts';
import type { Comparator } from '../query/query.ts';

/** When the host was saturated. */
export type Breach = { readonly from: string; readonly to: string };

type SweepResult = NonNullable<BacktestedMonitor['sweep']>;

/**
 * An evaluation belongs to a breach when it is made during it or before its last sample has left the window. A threshold catches a
 * breach when at least one of its evaluations crosses it. A crossing that belongs to no breach is a false alarm.
 */
export function sweepThreshold(
  comparator: Comparator,
  windowS: number,
  evaluations: readonly Evaluation[],
  breaches: readonly Breach[],
): SweepResult {
  if (breaches.length === 0) return { why: monitorFinding('no-breach-known') };
  if (comparator === '==' || comparator === '!=') return { why: monitorFinding('no-order', { comparator }) };
  // For `<` the signs are inverted, so that higher is always worse.
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
  if (!Number.isFinite(least)) return { why: monitorFinding('breach-without-data') };
  if (quiet >= least) {
    return { why: monitorFinding('no-threshold-separates', { quiet: sign * quiet, breach: sign * least }) };
  }
  return {
    catches: {
      ...(Number.isFinite(quiet) && { quiet: sign * quiet }),
      worst: sign * least,
      // The middle, with as few digits as possible.
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
