// The settings of all runs, from the flags.
import { fileURLToPath } from 'node:url';
import { findNginx } from '../../../loadtest/target/nginx.ts';
import { parseBoxPrograms, proxyName } from '../../../model/catalogue/box-programs.ts';
import { commandLine } from '../../../model/command-line.ts';
import type { Profile } from '../../../model/profile.ts';
import { UserError } from '../../../model/user-error.ts';
import { parseSources } from '../../../monitors/collectors/source-choice.ts';
import type { CommandContext } from '../../cli/context.ts';
import { givenEnvironment, ownEnvironment, withheldNames } from '../../cli/environment.ts';
import { parseTarget } from '../../cli/target-url.ts';
import { tagVariables } from '../../datadog/service-tags.ts';
import { chooseRequest, withoutHeaderValues } from '../flags/request-flags.ts';
import type { StressFlags } from '../flags/stress-flags.ts';
import { withoutSecrets } from '../flags/without-secrets.ts';
import { chooseApp, choosePaths } from '../options/choose-app.ts';
import { chooseCommand, withoutBuild } from '../options/choose-command.ts';
import { chooseProfile, wholeNumber } from '../options/choose-profile.ts';
import { chooseShard } from '../options/choose-shard.ts';
import { chooseWalk, onWalk } from '../options/choose-walk.ts';
import type { Replay } from '../options/read-replay.ts';
import type { StressOptions } from '../options/stress-options.ts';
import { chooseInstance } from '../run/pair.ts';

/** What holds for every run of a command. */
export type StressSettings = Omit<
  StressOptions,
  | 'say'
  | 'onLine'
  | 'onStage'
  | 'emulation'
  | 'measuredCores'
  | 'watch'
  | 'vcpuSpeed'
  | 'turn'
  | 'findings'
  | 'warning'
  | 'datadog'
  | 'otlp'
  | 'signal'
>;

/** Reads the flags that hold for every run. */
export function chooseOptions(
  argv: StressFlags,
  { words, invocation, environment, stdin, signal }: CommandContext,
  replay?: Replay,
): Omit<StressSettings, 'isShortener' | 'running' | 'generators'> & { readonly generators: number | undefined } {
  const app = chooseApp(argv);
  const asked = chooseProfile(argv, replay);
  const { command: during, missing: noBuild } = chooseCommand(asked, {
    ...argv,
    target: app ? undefined : argv.target,
    directory: app?.directory,
  });
  const chosen = withoutBuild(asked, during);
  const shard = chooseShard(argv, environment);
  const adaptive = chosen.stages.find(
    (stage) => ['ladder', 'capacity', 'build'].includes(stage.kind) || ('during' in stage && stage.during),
  );
  if (shard && adaptive) {
    throw new UserError(
      `--shard needs a profile of closed and open stages only: shards cannot coordinate stage ${adaptive.name}`,
    );
  }
  const given = argv.target === undefined ? undefined : parseTarget('--target', argv.target);
  const request = chooseRequest(argv, environment);
  const walk = chooseWalk(argv, chosen, given, request);
  const profile = walk ? onWalk(chosen, walk) : chosen;
  return {
    profile,
    replay,
    walk,
    target: app ? undefined : given,
    app,
    paths: choosePaths(argv),
    instance: chooseInstance(argv),
    request,
    ...chooseWith(argv.with, environment),
    expect: argv.expect === undefined ? undefined : parseStatuses(argv.expect),
    allowHost: argv.allowHost,
    thresholds: argv.threshold,
    sources: argv.metrics === undefined ? undefined : parseSources(argv.metrics.join(',')),
    generators: argv.generators === undefined ? undefined : wholeNumber('--generators', argv.generators, 1, 64),
    seed: wholeNumber('--seed', argv.seed, 0, Number.MAX_SAFE_INTEGER),
    insecure: argv.insecure,
    trace: chooseTrace(argv.trace, profile),
    shard,
    during,
    noBuild,
    out: argv.out,
    name: argv.name,
    urlsFile: inputsOf({ environment, stdin, signal }).urlsFile,
    command: commandLine(invocation, 'stress', withoutHeaderValues(words.slice(1)).map(withoutSecrets)),
    environment: ownEnvironment(environment),
    givenEnvironment: givenEnvironment(environment),
    withheld: withheldNames(environment),
    tagEnvironment: tagVariables(environment),
  };
}

/** Throws a UserError for what is no share, and where no request of the profile can carry a trace context. */
function chooseTrace(share: number | undefined, { name, stages }: Profile): number | undefined {
  if (share === undefined) return undefined;
  if (!(share > 0 && share <= 1))
    throw new UserError(`--trace ${share} is not a share of the requests: give one above 0 and up to 1, like 0.01`);
  if (!stages.some((stage) => ['open', 'replay', 'capacity'].includes(stage.kind)))
    throw new UserError(
      `--trace needs an open stage, and profile ${name} has none: give --rate and --duration, --profile load or --replay`,
    );
  return share;
}

/** Throws a UserError for an unknown program, and where nginx is not installed. */
function chooseWith(list: string | undefined, environment: NodeJS.ProcessEnv): Pick<StressOptions, 'with' | 'nginx'> {
  const programs = list === undefined ? [] : parseBoxPrograms('--with', list);
  return { with: programs, nginx: programs.includes(proxyName) ? findNginx(environment) : undefined };
}

/** What a command reads beside its flags. */
export function inputsOf({ environment, stdin, signal }: Pick<CommandContext, 'environment' | 'stdin' | 'signal'>) {
  const urlsFile = environment.URLS_FILE ?? fileURLToPath(new URL('../../../urls.json', import.meta.url));
  return { stdin, signal, urlsFile };
}

function parseStatuses(text: string): number[] {
  const statuses = text.split(',').map(Number);
  if (statuses.every((status) => Number.isInteger(status) && status >= 200 && status <= 599)) return statuses;
  throw new UserError(`--expect ${text} is not a list of HTTP statuses like 302,200`);
}
