// What the charts of a comparison are drawn from, and how they show the two runs.
import type { RunComparison, Side } from '../comparison/compare-runs.ts';
import type { ChartEntry } from './drawing/chart.ts';
import { typeClasses } from './drawing/type-color.ts';

type DrawnSide = Pick<Side, 'label' | 'spread'> &
  Partial<Pick<Side, 'run'>> & { readonly judged: Pick<Side['judged'], 'stages'> };
export type DrawnComparison = Pick<RunComparison, 'stages' | 'paired'> &
  Partial<Pick<RunComparison, 'machines'>> & {
    readonly baseline: DrawnSide;
    readonly candidate: DrawnSide;
  };
export type ComparisonChart = ChartEntry<
  DrawnComparison,
  'credits' | 'capacity' | 'cost' | 'build' | 'load' | 'folded'
>;

/** Both runs, each with its class of the style sheet: of two types their colours, else the baseline is dashed. */
export function sidesOf({ baseline, candidate, machines }: DrawnComparison) {
  const classes = machines
    ? typeClasses([machines.baseline.instanceType, machines.candidate.instanceType])
    : new Map<string, string>();
  return [
    { ...baseline, side: 'baseline' as const, className: `baseline ${classes.get(baseline.label) ?? ''}`.trim() },
    { ...candidate, side: 'candidate' as const, className: `candidate ${classes.get(candidate.label) ?? ''}`.trim() },
  ];
}
