// Everything that `headroom stress` can know before it starts anything: whatever does not fit is a UserError here.
import { availableParallelism } from 'node:os';
import { chooseGeneratorCount } from '../../../loadtest/generators/generator-count.ts';
import { isShortener } from '../../../loadtest/target/is-shortener.ts';
import { checkHostAllowed } from '../../../loadtest/target/preflight.ts';
import type { Profile } from '../../../model/profile.ts';
import { UserError } from '../../../model/user-error.ts';
import { type Margin, parseMargin } from '../../../reports/comparison/margin.ts';
import type { Traffic } from '../../../reports/traffic/traffic.ts';
import type { CommandContext } from '../../cli/context.ts';
import { chooseDatadog, type DatadogPart } from '../../datadog/datadog-part.ts';
import { checkOtlp, choosePublish } from '../../datadog/otlp-session.ts';
import { chooseBuilds, chooseTraffic, type TrafficFlags } from '../../size/traffic-flags.ts';
import { refuseBeside } from '../flags/replay-flags.ts';
import type { StressFlags } from '../flags/stress-flags.ts';
import { mayBeShortener } from '../options/choose-routes.ts';
import { chooseEmulations, type Emulation, type Emulations } from '../options/emulation.ts';
import { profileFor, startedOnce } from '../options/profile-for.ts';
import { readReplay } from '../options/read-replay.ts';
import { describeReplay } from '../options/replay-notes.ts';
import { choosePair, type Pair } from '../run/pair.ts';
import { chooseRunning } from '../run/running-app.ts';
import { refuseUseless } from './flags-apply.ts';
import { findInstanceHere } from './instance-here.ts';
import { chooseOptions, inputsOf, type StressSettings } from './stress-settings.ts';

export type StressPlan = {
  readonly settings: StressSettings;
  readonly datadog: DatadogPart | undefined;
  readonly otlp: URL | undefined;
  /** Instance types that the user named. */
  readonly types: Emulations['types'];
  /** Runs one after the other; without an emulation on this machine as it is. */
  readonly machines: readonly { readonly emulation: Emulation | undefined; readonly profile: Profile }[];
  /** Why this machine is measured instead of the types. */
  readonly warning: string | undefined;
  readonly pair: Pair | undefined;
  readonly traffic: Traffic | undefined;
  readonly builds: TrafficFlags;
  readonly margins: readonly Margin[];
};

/** Reads all flags and the files that they name, and connects to Datadog where a flag needs it. */
export async function planStress(
  argv: StressFlags,
  context: CommandContext,
  say: (text: string) => void,
): Promise<StressPlan> {
  refuseBeside(argv);
  const publish = choosePublish(argv.publish);
  const replay =
    argv.replay &&
    (await readReplay(
      { ...argv, replay: argv.replay },
      { ...inputsOf(context), isOwn: argv.target === undefined && argv.app === undefined },
    ));
  if (replay) say(describeReplay(replay));
  const chosen = chooseOptions(argv, context, replay);
  for (const { text } of chosen.walk?.findings ?? []) say(text ?? '');
  refuseUseless(argv, chosen);
  choosePair(argv);
  const here = await findInstanceHere(argv, context.environment, say);
  const running = await chooseRunning(argv, context.environment);
  const generators = chosen.generators ?? (argv.once ? 1 : await countGenerators(chosen));
  const settings = { ...chosen, generators, running, instance: chosen.instance ?? here.instance };
  const pair = choosePair(argv, settings.instance);
  const purpose = { ...argv, target: settings.target?.href, profile: replay ? settings.profile.name : argv.profile };
  // A mistake is reported before the load. What a build takes is measured only where a command runs during it.
  chooseBuilds(argv, settings.during === undefined ? undefined : { vcpus: 1, durationS: 1 });
  const { types, machines, warning } = await chooseEmulations(purpose, settings.instance);
  const margins = (argv.margin ?? []).map(parseMargin);
  if (margins.length > 0 && machines.length < 2)
    throw new UserError(`--margin compares two instance types: ${whyNoTypes(warning)}`);
  if (argv.failOn !== undefined && !pair && machines.length < 2)
    throw new UserError(
      `--fail-on ${argv.failOn} is about a comparison: ${whyNoTypes(warning, ', or a second target with --pair')}`,
    );
  const isOfReplay = replay !== undefined && argv.traffic === undefined;
  const traffic = await chooseTraffic(isOfReplay ? { ...argv, logFormat: undefined } : argv, context);
  if (publish.otlp) await checkOtlp(publish.otlp);
  return {
    settings: { ...settings, isShortener: await findShortener(argv, settings, context.signal) },
    types,
    machines: machines.map((emulation) => {
      const profile = profileFor(settings.profile, emulation, warning !== undefined);
      const isOwn = settings.target === undefined && settings.app === undefined;
      return { emulation, profile: isOwn ? profile : startedOnce(profile) };
    }),
    warning,
    pair,
    traffic,
    builds: argv,
    margins,
    datadog: await chooseDatadog(
      { ...argv, publish: publish.datadog, host: argv.host ?? here.host },
      settings.sources,
      context,
      say,
    ),
    otlp: publish.otlp,
  };
}

function countGenerators({ profile, target, walk, environment }: ReturnType<typeof chooseOptions>): Promise<number> {
  const secure = target?.protocol === 'https:';
  const steps = walk && { walkSteps: walk.plan.steps.length };
  return chooseGeneratorCount({ profile, secure, ...steps }, availableParallelism(), environment);
}

function whyNoTypes(warning: string | undefined, or = ''): string {
  return warning === undefined ? `give two types with --instances${or}` : `only one machine is measured: ${warning}`;
}

/** Asks the target where no flag and no profile says what to send. Throws a UserError for --routes beside something else to send. */
async function findShortener(
  { routes }: StressFlags,
  options: Omit<StressSettings, 'isShortener'>,
  signal: AbortSignal,
): Promise<boolean> {
  const { target, allowHost, insecure } = options;
  if (routes !== undefined && !mayBeShortener(options))
    throw new UserError(
      '--routes shortener needs a --target like http://127.0.0.1:3000/, without a path, --expect, --method or --body, and a profile without routes',
    );
  if (!target || !mayBeShortener(options)) return target === undefined && !options.app;
  checkHostAllowed(target, allowHost);
  return routes !== undefined || (await isShortener(target.origin, insecure, signal));
}
