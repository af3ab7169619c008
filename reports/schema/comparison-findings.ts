// The findings of comparison/: for each code its figures. Their texts stand in messages/comparison.ts.
import type { Finding } from '../../model/finding.ts';
import type { Estimate } from '../series/regression.ts';

type MetricChange = {
  readonly metric: string;
  readonly baseline: number;
  readonly candidate: number;
  readonly difference: Estimate;
};
type Both = { readonly baseline?: string | number; readonly candidate?: string | number };

export type ComparisonFindings = {
  /** What a comparison comes to. */
  decision: { readonly parts: readonly Finding[] };
  'question-move': { readonly from: string; readonly to: string; readonly workload?: Finding };
  'question-worse': { readonly baseline: string; readonly candidate: string };
  'question-history': { readonly compared: number; readonly runs: number };

  /** Answers, in a word or two. */
  yes: object;
  no: object;
  likely: object;
  'depends-on-traffic': object;
  inconclusive: object;
  worse: object;
  'not-worse': object;
  better: object;
  mixed: object;
  'no-difference': object;
  'needs-more-data': object;
  'no-change': object;
  'too-few-runs': object;

  /** Reasons of a decision. */
  'run-without-verdict': { readonly run: string };
  'thresholds-missed': { readonly instanceType: string; readonly expressions: readonly string[] };
  'type-does-not-fit': { readonly instanceType: string; readonly because: Finding };
  'type-inconclusive': { readonly instanceType: string; readonly because: Finding };
  /** Without traffic: what it does, and its price less that of the other type, where both are known. */
  'type-sustains': {
    readonly instanceType: string;
    readonly sustainedPerS?: Estimate;
    readonly onEc2?: boolean;
    readonly usdPerMonth?: number;
  };
  'type-fits': { readonly instanceType: string; readonly usdPerMonth?: number };
  'credits-only-stages': { readonly margins: readonly Finding[] };
  'too-short-to-compare': { readonly neededS: number };
  'metric-worse': MetricChange;
  'metric-better': MetricChange;
  'no-metric-differs': { readonly metrics: readonly string[] };
  margin: {
    readonly expression: string;
    readonly verdict: 'is' | 'is-not' | 'needs-more' | 'no-data';
    readonly needsMinutes?: number;
    readonly neededS?: number;
  };

  /** Reasons against comparing two runs at all, and what else is not the same. */
  'run-not-complete': { readonly run: RunRole; readonly status: string };
  'run-is-invalid': { readonly run: RunRole; readonly reasons: readonly Finding[] };
  'generator-cpu-differs': Both;
  'generator-cores-differ': Both;
  'core-speed-differs': { readonly baseline: number; readonly candidate: number };
  'vcpu-share-differs': Both;
  'setup-differs': Both & { readonly what: string };

  /** History. */
  'other-instance-type': { readonly instanceType?: string };
  'other-profile': { readonly profile: string };
  'runs-too-few': { readonly comparable: number; readonly needed: number };
  'no-level-changed': object;
  'level-changed': {
    readonly metric: string;
    readonly before: number;
    readonly after: number;
    /** The first run of the new level. */
    readonly run: string;
  };
};

/** How a sentence calls the run that another one is compared with: the baseline run, or one of many. */
export type RunRole = 'baseline' | 'any';

/** A finding of `code`, checked against its figures. */
export function compared<C extends keyof ComparisonFindings>(
  code: C,
  figures: ComparisonFindings[C],
): Finding & { readonly code: C } {
  return { code, ...figures };
}
