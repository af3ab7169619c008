// Texts of a comparison and of a history: the question, the answer in a word, its reasons, and why runs cannot be compared.

import type { HistoryMetric } from '../comparison/history.ts';
import { capitalize, formatCount, formatNumberOf, formatPercent, formatRequests, formatUsd } from '../format/format.ts';
import type { ComparisonFindings } from '../schema/comparison-findings.ts';
import { describeDifference, figureName, formatFigure } from './metric-text.ts';
import { shortReason } from './short-reason.ts';
import type { TextsOf } from './texts.ts';

const answers = {
  yes: () => 'YES',
  no: () => 'NO',
  likely: () => 'LIKELY',
  'depends-on-traffic': () => 'DEPENDS ON YOUR TRAFFIC',
  inconclusive: () => 'INCONCLUSIVE',
  worse: () => 'WORSE',
  'not-worse': () => 'NOT WORSE',
  better: () => 'BETTER',
  mixed: () => 'MIXED',
  'no-difference': () => 'NO DIFFERENCE',
  'needs-more-data': () => 'NEEDS MORE DATA',
  'no-change': () => 'NO CHANGE',
  'too-few-runs': () => 'TOO FEW RUNS',
} satisfies Partial<TextsOf<ComparisonFindings>>;

const comparability = {
  'run-not-complete': ({ run, status }) => `${roles[run]} is not complete (${status})`,
  'run-is-invalid': ({ run, reasons }, textOf) => `${roles[run]} is invalid: ${reasons.map(textOf).join('. ')}`,
  'generator-cpu-differs': (both) => `The CPU of the load generator differs: ${describeBoth(both)}`,
  'generator-cores-differ': (both) => `The load generator has a different number of cores: ${describeBoth(both)}`,
  'core-speed-differs': ({ baseline, candidate }) =>
    `The measured core was not as fast: a fixed computation took ${baseline.toFixed(0)} ms in the baseline run, ${candidate.toFixed(0)} ms in the candidate run`,
  'vcpu-share-differs': (both) => `An emulated vCPU is a different share of a core: ${describeBoth(both)}`,
  'setup-differs': ({ what, ...both }) => `${what}: ${describeBoth(both)}`,
  'other-instance-type': ({ instanceType }) => `Different instance type: ${instanceType ?? 'not known'}`,
  'other-profile': ({ profile }) => `Different profile: ${profile}`,
} satisfies Partial<TextsOf<ComparisonFindings>>;

const roles = { baseline: 'The baseline run', any: 'The run' } as const;

export const comparisonTexts: TextsOf<ComparisonFindings> = {
  ...answers,
  ...comparability,
  decision: ({ parts }, textOf) => parts.map(textOf).join('. '),
  'question-move': ({ from, to, workload }, textOf) =>
    `Can this workload${workload === undefined ? '' : `, ${textOf(workload)},`} move from ${from} to ${to}?`,
  'question-worse': ({ baseline, candidate }) => `Is ${candidate} worse than ${baseline}?`,
  'question-history': ({ compared, runs }) =>
    `What changed over ${compared < runs ? `${formatCount(compared)} of ` : ''}${formatNumberOf(runs, 'run')}?`,

  'run-without-verdict': ({ run }) => `${run} has no verdict`,
  'thresholds-missed': ({ instanceType, expressions }) => `${instanceType} does not meet ${expressions.join(' and ')}`,
  'type-does-not-fit': ({ instanceType, because }, textOf) =>
    `${instanceType} does not fit: ${shortReason(because, textOf)}`,
  'type-inconclusive': ({ instanceType, because }, textOf) => `${instanceType}: ${shortReason(because, textOf)}`,
  'type-sustains': ({ instanceType, sustainedPerS, onEc2, usdPerMonth }) => {
    const { value, ...interval } = sustainedPerS ?? {};
    const sustains =
      value === undefined
        ? 'was not measured without CPU credits'
        : `sustains ${formatRequests(value, interval, onEc2)}`;
    return `${instanceType} ${sustains}${priceChange(usdPerMonth)}`;
  },
  'type-fits': ({ instanceType, usdPerMonth }) => `${instanceType} fits this traffic${priceChange(usdPerMonth)}`,
  'credits-only-stages': ({ margins }, textOf) => `In the stages with CPU credits: ${margins.map(textOf).join('. ')}`,
  'too-short-to-compare': ({ neededS }) =>
    `The runs have fewer than ${neededS} measured seconds in stages of the same name. Run longer stages`,
  'metric-worse': (change) => `Worse ${describeDifference({ ...change, metric: change.metric as never })}`,
  'metric-better': (change) => `Better ${describeDifference({ ...change, metric: change.metric as never })}`,
  'no-metric-differs': ({ metrics }) =>
    `No significant difference in ${metrics.map((each) => figureName(each as HistoryMetric)).join(', ')}`,
  margin: describeMargin,

  'runs-too-few': ({ comparable, needed }) =>
    `${formatNumberOf(comparable, 'run')} can be compared; detecting a change needs at least ${needed}`,
  'no-level-changed': () => 'No figure changed significantly',
  'level-changed': ({ metric: name, before, after, run }) => {
    const metric = name as HistoryMetric;
    const rises = after > before;
    const share = before > 0 ? ` (${rises ? '+' : '−'}${formatPercent(100 * Math.abs(after / before - 1))})` : '';
    return `${capitalize(figureName(metric))} ${rises ? 'rose' : 'fell'} from ${formatFigure(metric, before)} to ${formatFigure(metric, after)}${share} from ${run} on`;
  },
};

function describeBoth({ baseline, candidate }: ComparisonFindings['vcpu-share-differs']): string {
  return `${baseline ?? 'not known'} in the baseline run, ${candidate ?? 'not known'} in the candidate run`;
}

function priceChange(usdPerMonth: number | undefined): string {
  if (usdPerMonth === undefined) return '';
  const usd = `${formatUsd(Math.abs(usdPerMonth))} a month`;
  return usdPerMonth < 0 ? `, saving ${usd}` : `, for ${usd} more`;
}

function describeMargin({ expression, verdict, needsMinutes, neededS }: ComparisonFindings['margin']): string {
  switch (verdict) {
    case 'is':
      return `Worse by more than the margin ${expression}`;
    case 'is-not':
      return `Not worse by more than the margin ${expression}`;
    case 'no-data':
      return `${expression}: the runs have fewer than ${neededS ?? 0} measured seconds in stages of the same name. Run longer stages`;
    case 'needs-more':
      return needsMinutes === undefined
        ? `${expression}: inconclusive, and the difference is too close to the margin to decide within a day of load`
        : `${expression}: inconclusive. Run each for ${formatNumberOf(needsMinutes, 'more minute')}`;
  }
}
