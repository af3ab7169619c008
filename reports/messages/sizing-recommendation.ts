// Texts of the recommendation and of the next experiment.
import { formatDuration, formatRate } from '../format/format.ts';
import type { RecommendationFindings } from '../schema/sizing-findings.ts';
import { checkTexts } from './sizing-checks.ts';
import { textFrom } from './text-from.ts';

export const recommendationTexts: {
  readonly [C in keyof RecommendationFindings]: (figures: RecommendationFindings[C]) => string;
} = {
  'recommend-type': ({ instanceType, usdPerMonth, savesUsdPerMonth, comparedWith, load, undecided }) => {
    const saving = savesUsdPerMonth === undefined ? '' : `, $${savesUsdPerMonth.toFixed(2)} less than ${comparedWith}`;
    const fits = load ? `${instanceType} ${textFrom(checkTexts, load)}. It` : `${instanceType} fits and`;
    const cheaper = undecided
      ? ` ${undecided.instanceType} ($${undecided.usdPerMonth.toFixed(2)} a month): inconclusive.`
      : '';
    return `${fits} costs $${usdPerMonth.toFixed(2)} a month${saving}.${cheaper}`;
  },
  'recommend-undecided': ({ undecided, because }) =>
    `No type is known to fit. ${undecided}: inconclusive (${textFrom(checkTexts, because)}).`,
  'recommend-larger': () => 'None of these types fits. Try larger types: --on with size, --instances with stress.',
  'next-collect-host': () =>
    'repeat the run with host metrics: --metrics local on the machine itself, or --metrics datadog --host H',
  'next-soak': ({ growth, ...on }) =>
    growth
      ? `run half an hour at the usual rate to see whether memory keeps growing: ${command(on, '--profile soak --duration 1900')}`
      : `run within the memory of a ${on.instanceType}: ${command(on, '--profile soak')}`,
  'next-rate': ({ of, ratePerS, durationS, ...on }) => {
    const what = {
      burst: '',
      sustained: `, the sustained rate of a ${on.instanceType}`,
      latency: `, a fifth below the sustained rate of a ${on.instanceType}`,
    }[of];
    const credits = of === 'burst' ? '' : '--credits empty ';
    const run = command(on, `${credits}--rate ${ratePerS} --duration ${durationS}`);
    return `run ${formatDuration(durationS)} at ${formatRate(ratePerS)}${what}: ${run}`;
  },
  'next-idle-host': () => 'repeat the run on an idle host',
  'next-whole-day': () => 'size again with a traffic file that covers a whole day and can be parsed',
  'next-complete': () => 'repeat the run and let it complete',
  'next-saturate': () => 'repeat the run with a load that saturates the app: --profile stress',
  'next-workload': () => 'provide your traffic for a verdict: --daily N or --traffic FILE',
};

/** The command of a run on an instance type with these flags, as far as it can be known. */
function command(
  on: { readonly instanceType: string; readonly target: 'shortener' | 'app' | 'remote' },
  flags: string,
) {
  const emulated = `--instances ${on.instanceType} --emulate always ${flags}`;
  if (on.target === 'shortener') return `npm run stress -- ${emulated}`;
  if (on.target === 'app') return `repeat the run with ${emulated}`;
  // Credits of a machine elsewhere cannot be taken away.
  return `repeat the run against a ${on.instanceType} with --instance ${on.instanceType} ${flags.replace('--credits empty ', '')}`;
}
