// Texts of the recommendation and of the next experiment.
import { commandLine, quoteWords } from '../../model/command-line.ts';
import { formatArrivalRate, formatDuration, uncapitalize } from '../format/format.ts';
import type { Experiment, RecommendationFindings } from '../schema/sizing-findings.ts';
import type { TextsOf } from './texts.ts';

export const recommendationTexts: TextsOf<RecommendationFindings> = {
  'recommend-type': ({ instanceType, usdPerMonth, savesUsdPerMonth, comparedWith, load, undecided }, textOf) => {
    const saving = savesUsdPerMonth === undefined ? '' : `, $${savesUsdPerMonth.toFixed(2)} less than ${comparedWith}`;
    const fits = load ? `${instanceType} ${uncapitalize(textOf(load))}. It` : `${instanceType} fits and`;
    const cheaper = undecided
      ? ` ${undecided.instanceType} ($${undecided.usdPerMonth.toFixed(2)} a month): inconclusive.`
      : '';
    return `${fits} costs $${usdPerMonth.toFixed(2)} a month${saving}.${cheaper}`;
  },
  'recommend-undecided': ({ undecided, because }, textOf) =>
    `No type is known to fit. ${undecided}: inconclusive (${uncapitalize(textOf(because))}).`,
  'recommend-larger': () => 'None of these types fits. Try larger types: --on with size, --instances with stress.',
  'next-collect-host': () =>
    'Repeat the run with host metrics: --metrics local on the machine itself, or --metrics datadog --host H',
  'next-soak': ({ growth, ...on }) =>
    growth
      ? `Run half an hour at the usual rate to see whether memory keeps growing: ${experiment(on, '--profile', 'soak', '--duration', 1900)}`
      : `Run within the memory of a ${on.instanceType}: ${experiment(on, '--profile', 'soak')}`,
  'next-rate': ({ of, ratePerS, durationS, ...on }) => {
    const what = {
      burst: '',
      sustained: `, the sustained rate of a ${on.instanceType}`,
      latency: `, a fifth below the sustained rate of a ${on.instanceType}`,
    }[of];
    // Credits of a machine elsewhere cannot be taken away.
    const credits = of === 'burst' || on.target === 'remote' ? [] : ['--credits', 'empty'];
    const run = experiment(on, ...credits, '--rate', ratePerS, '--duration', durationS);
    return `Run ${formatDuration(durationS)} at ${formatArrivalRate({ from: ratePerS, to: ratePerS })}${what}: ${run}`;
  },
  'next-idle-host': () => 'Repeat the run on an idle host',
  'next-whole-day': () => 'Size again with a traffic file that covers a whole day and can be parsed',
  'next-complete': () => 'Repeat the run and let it complete',
  'next-saturate': () => 'Repeat the run with a load that saturates the app: --profile stress',
  'next-workload': () => 'Provide your traffic for a verdict: --daily N or --traffic FILE',
};

/** The command of a run on an instance type with these flags, as far as it can be known. */
function experiment(on: Experiment, ...flags: readonly (string | number)[]): string {
  const { instanceType, target } = on;
  if (target === 'remote') return `${repeatRun(on, '--instance', instanceType, ...flags)}, against a ${instanceType}`;
  return repeatRun(on, '--instances', instanceType, '--emulate', 'always', ...flags);
}

/** A command where headroom starts its shortener; of any other target the flags to add to those of the run. */
export function repeatRun(
  { invocation, target }: Pick<Experiment, 'invocation' | 'target'>,
  ...flags: readonly (string | number)[]
): string {
  return target === 'shortener' ? commandLine(invocation, 'stress', flags) : `repeat the run with ${quoteWords(flags)}`;
}
