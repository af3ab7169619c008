// What the charts of a comparison are drawn from, and how they show the two runs.
import type { RunComparison, Side } from '../comparison/compare-runs.ts';
import type { ChartEntry } from './chart.ts';

type DrawnSide = Pick<Side, 'label' | 'spread'> & { readonly judged: Pick<Side['judged'], 'stages'> };
export type DrawnComparison = Pick<RunComparison, 'stages' | 'paired'> & {
  readonly baseline: DrawnSide;
  readonly candidate: DrawnSide;
};
export type ComparisonChart = ChartEntry<DrawnComparison, 'figures' | 'differences'>;

/** Both runs, each with its class of the style sheet: the baseline is dashed. */
export function sidesOf({ baseline, candidate }: DrawnComparison) {
  return [
    { ...baseline, className: 'baseline' as const },
    { ...candidate, className: 'candidate' as const },
  ];
}
