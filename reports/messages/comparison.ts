// Texts of a comparison and of a history: the question, the answer in a word, its reasons, and why runs cannot be compared.

import type { HistoryMetric } from '../comparison/history.ts';
import {
  capitalize,
  formatCount,
  formatDay,
  formatDuration,
  formatEc2Rate,
  formatNumberOf,
  formatPercent,
  formatRateInterval,
  formatRequests,
} from '../format/format.ts';
import type { ComparisonFindings } from '../schema/comparison-findings.ts';
import { describeDifference, figureName, formatFigure } from './metric-text.ts';
import type { TextsOf } from './texts.ts';

const answers = {
  yes: () => 'YES',
  no: () => 'NO',
  'up-to': ({ perS: value, low = value, high = value, onEc2 }) =>
    `UP TO ${onEc2 ? formatEc2Rate({ value, low, high }) : formatRateInterval({ value, low, high })}`,
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
    `The measured core was not as fast: a fixed computation took ${baseline.toFixed(0)} ms in the baseline run, ${candidate.toFixed(0)} ms in the other`,
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
    `Can this workload${workload === undefined ? '' : ` (${textOf(workload)})`} move from ${from} to ${to}?`,
  'question-worse': ({ baseline, candidate }) => `Is ${candidate} worse than ${baseline}?`,
  'question-history': ({ compared, runs }) =>
    `What changed over ${compared < runs ? `${formatCount(compared)} of ` : ''}${formatNumberOf(runs, 'run')}?`,

  'run-without-verdict': ({ run, headline }, textOf) => `The run ${run} has no verdict. ${textOf(headline)}`,
  'thresholds-missed': ({ instanceType, expressions }) => `${instanceType} does not meet ${expressions.join(' and ')}`,
  'type-does-not-fit': ({ instanceType, because }, textOf) => `${instanceType} does not fit. ${textOf(because)}`,
  'type-inconclusive': ({ because }, textOf) => textOf(because),
  'vcpu-of-a-core': ({ instanceType, sustainedPerS, vcpuOfACore: { value, low, high } }) => {
    const sustains = sustainedPerS ? `, so that it sustains ${formatEc2Rate(sustainedPerS)}` : '';
    return `A vCPU of a ${instanceType} has the speed of ${value.toFixed(2)} cores of this machine (${low.toFixed(2)} to ${high.toFixed(2)})${sustains}`;
  },
  'cores-here': () =>
    'The rates apply to the cores of this machine. For rates on EC2, install redis-server and redis-tools and repeat the run',
  'type-sustains': describeType,
  'price-change': ({ instanceType, usdPerMonth }) =>
    usdPerMonth < 0
      ? `${instanceType} saves $${(-usdPerMonth).toFixed(2)} a month`
      : `${instanceType} costs $${usdPerMonth.toFixed(2)} a month more`,
  'credits-only-stages': ({ margins }, textOf) => `In the stages with CPU credits: ${margins.map(textOf).join('. ')}`,
  'too-short-to-compare': ({ neededS }) =>
    `The runs have fewer than ${neededS} measured seconds in stages of the same name. Run longer stages`,
  'metric-worse': (change) => `Worse ${describeDifference({ ...change, metric: change.metric as never })}`,
  'metric-better': (change) => `Better ${describeDifference({ ...change, metric: change.metric as never })}`,
  'no-metric-differs': ({ metrics }) =>
    `No significant difference in ${metrics.map((each) => figureName(each as HistoryMetric)).join(', ')}`,
  margin: describeMargin,

  'run-not-valid': ({ run, verdict, reasons }, textOf) =>
    `${run} is ${verdict}: ${reasons[0] ? textOf(reasons[0]) : 'no reason was recorded'}${reasons.length > 1 ? ` (and ${formatNumberOf(reasons.length - 1, 'more reason')})` : ''}`,
  'run-disturbed': ({ run, because }, textOf) => `${run}: ${textOf(because)}`,

  'runs-too-few': ({ comparable, needed }) =>
    `${formatNumberOf(comparable, 'run')} can be compared; a change needs at least ${needed}`,
  'no-level-changed': () => 'No figure changed significantly',
  'level-changed': ({ metric: name, before, after, run }) => {
    const metric = name as HistoryMetric;
    const rises = after > before;
    const share = before > 0 ? ` (${rises ? '+' : '−'}${formatPercent(100 * Math.abs(after / before - 1))})` : '';
    return `${capitalize(figureName(metric))} ${rises ? 'rose' : 'fell'} from ${formatFigure(metric, before)} to ${formatFigure(metric, after)}${share} from ${run} on`;
  },
};

function describeBoth({ baseline, candidate }: ComparisonFindings['vcpu-share-differs']): string {
  return `${baseline ?? 'not known'} in the baseline run, ${candidate ?? 'not known'} in the other`;
}

/** For example `t2.micro sustains 540 requests/s (510 to 570), 46.7 million a day, and bursts to 9,400/s (9,100 to 9,700) until ...`. */
function describeType(figures: ComparisonFindings['type-sustains']): string {
  const { instanceType, emulated, burstPerS, sustainedPerS, hoursToThrottle } = figures;
  const name = `${emulated ? 'Emulated here, ' : ''}${instanceType}`;
  if (!hoursToThrottle || !sustainedPerS)
    return burstPerS === undefined
      ? `The throughput of ${name} was not measured`
      : `${name} sustains ${formatRequests(burstPerS.value, burstPerS)}`;
  const { value } = sustainedPerS;
  const sustains = `${name} sustains ${formatRequests(value, sustainedPerS)}, ${formatDay(value * 86_400)} a day`;
  if (burstPerS === undefined) return sustains;
  return `${sustains}, and bursts to ${formatRateInterval(burstPerS)} until its CPU credits run out: ${formatDuration(3600 * hoursToThrottle.launch)} of full load after launch, ${formatDuration(3600 * hoursToThrottle.full)} from a full balance`;
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
