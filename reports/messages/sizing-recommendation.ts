// Texts of the recommendation and of the next experiment.

import { withArticle } from '../../model/article.ts';
import { defaultTypes } from '../../model/catalogue/instance-catalogue.ts';
import { changeFlags, commandLine } from '../../model/command-line.ts';
import { formatArrivalRate, formatDuration, formatUsd, uncapitalize } from '../format/format.ts';
import type { Experiment, RecommendationFindings } from '../schema/recommendation-findings.ts';
import type { TextsOf } from './texts.ts';

export const recommendationTexts: TextsOf<RecommendationFindings> = {
  'recommend-type': ({ instanceType, usdPerMonth, savesUsdPerMonth, comparedWith, load, undecided }, textOf) => {
    const saving = savesUsdPerMonth === undefined ? '' : `, ${formatUsd(savesUsdPerMonth)} less than ${comparedWith}`;
    const undecidedCosts = undecided?.usdPerMonth === undefined ? '' : ` (${formatUsd(undecided.usdPerMonth)} a month)`;
    const fits = load ? `${instanceType} ${uncapitalize(textOf(load))}. It` : `${instanceType} fits and`;
    const cheaper = undecided ? ` ${undecided.instanceType}${undecidedCosts}: inconclusive.` : '';
    if (usdPerMonth === undefined)
      return `${load ? `${instanceType} ${uncapitalize(textOf(load))}` : `${instanceType} fits`}. Its price is not in the catalogue.${cheaper}`;
    return `${fits} costs ${formatUsd(usdPerMonth)} a month${saving}.${cheaper}`;
  },
  // Why is said with the type.
  'recommend-undecided': ({ undecided }) => `No type is known to fit. ${undecided}: inconclusive.`,
  'recommend-larger': () => 'None of these types fits. Try larger types: --on with size, --instances with stress.',
  'next-collect-host': ({ command, local }) =>
    local
      ? `Repeat the run with host metrics: ${changeFlags(command, ['--metrics', 'local'])}`
      : `Repeat the run with host metrics from Datadog (HOST is the host's name there): ${changeFlags(command, ['--metrics', 'datadog', '--host', 'HOST'])}`,
  'next-soak': ({ growth, ...on }) =>
    growth
      ? `Run half an hour at the usual rate to see whether memory keeps growing${elsewhere(on)}: ${experiment(on, '--profile', 'soak', '--duration', 1900)}`
      : `Run within the memory of ${withArticle(on.instanceType)}${elsewhere(on)}: ${experiment(on, '--profile', 'soak')}`,
  'next-rate': ({ of, ratePerS, durationS, ...on }) => {
    const what = {
      burst: '',
      sustained: `, the sustained rate of ${withArticle(on.instanceType)}`,
      latency: `, a fifth below the sustained rate of ${withArticle(on.instanceType)}`,
    }[of];
    // Credits of a machine elsewhere cannot be taken away.
    const credits = of === 'burst' || on.target === 'remote' ? [] : ['--credits', 'empty'];
    const run = experiment(on, ...credits, '--rate', ratePerS, '--duration', durationS);
    return `Run ${formatDuration(durationS)} at ${formatArrivalRate({ from: ratePerS, to: ratePerS })}${what}: ${run}`;
  },
  'next-idle-host': () => 'Repeat the run on an idle host',
  'next-whole-day': () => 'Size again with a traffic file that covers a whole day and can be parsed',
  'next-complete': () => 'Repeat the run and let it complete',
  'next-saturate': ({ command }) =>
    `Repeat the run with a load that saturates the app: ${changeFlags(command, ['--profile', 'stress'], loadFlags)}`,
  'next-workload': ({ invocation, run, types }) => {
    const on = types.join() === defaultTypes.join() ? [] : ['--on', types.join()];
    return `Provide your traffic for a verdict, for example a million requests a day: ${commandLine(invocation, 'size', [run, ...on, '--daily', '1000000'])}`;
  },
};

/** What another load replaces. */
const replayFlags = ['replay', 'speed', 'from', 'to', 'replay-methods'];
const loadFlags = [
  'profile',
  'rate',
  'connections',
  'duration',
  'poisson',
  'during',
  'shard',
  'start-at',
  ...replayFlags,
];

/** The command of a run on an instance type with these flags. */
function experiment(on: Experiment, ...flags: readonly (string | number)[]): string {
  const { instanceType, target } = on;
  if (target === 'remote') return repeatRun(on, '--instance', instanceType, ...flags);
  return repeatRun(on, '--instances', instanceType, '--emulate', 'always', ...flags);
}

/** What has to be changed in the command by hand. */
function elsewhere({ instanceType, target }: Experiment): string {
  return target === 'remote' ? `, with the address of ${withArticle(instanceType)} as --target` : '';
}

/** A new command where headroom starts its shortener; of any other target the run's own, under the load of `flags`. */
export function repeatRun(
  { command, invocation, target, with: programs }: Pick<Experiment, 'command' | 'invocation' | 'target' | 'with'>,
  ...flags: readonly (string | number)[]
): string {
  const beside = programs && !flags.includes('--with') ? ['--with', programs.join()] : [];
  return target === 'shortener'
    ? commandLine(invocation, 'stress', [...flags, ...beside])
    : changeFlags(command, flags, loadFlags);
}
