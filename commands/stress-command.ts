// The flags of `headroom stress`.
import { fileURLToPath } from 'node:url';
import type { Argv, CommandModule } from 'yargs';
import { builtInProfiles, loadProfile } from '../loadtest/profiles.ts';
import type { Profile } from '../model/profile.ts';
import { UserError } from '../model/user-error.ts';
import { noProgress, showProgress } from './progress.ts';
import { stress } from './stress.ts';
import { stressDocument } from './stress-document.ts';
import type { StressOptions } from './stress-options.ts';
import type { Surroundings } from './surroundings.ts';

const flags = (yargs: Argv) =>
  yargs
    .option('target', {
      type: 'string',
      requiresArg: true,
      describe:
        'what to stress; else the shortener is started. Without a path: the request mix of a shortener; with one: that GET',
    })
    .option('expect', {
      type: 'string',
      requiresArg: true,
      describe: 'statuses that are a success, like 302,200 (a URL with a path; default 2xx and 3xx)',
    })
    .option('allow-host', {
      type: 'string',
      requiresArg: true,
      describe: 'the host of a target that is not this machine, repeated in full',
    })
    .option('profile', {
      type: 'string',
      requiresArg: true,
      describe: `${Object.keys(builtInProfiles).join(', ')} or FILE.json`,
      default: 'stress',
    })
    .option('connections', {
      type: 'number',
      requiresArg: true,
      describe: 'one closed stage with so many connections, instead of a profile',
    })
    .option('duration', { type: 'number', requiresArg: true, describe: 'its seconds' })
    .option('threshold', {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      describe: "judge by this instead of the profile's own, like 'latency.p99 < 100ms' (repeatable)",
    })
    .option('metrics', {
      choices: ['local', 'none'] as const,
      describe: 'where the host metrics come from (default: local, when the target runs on this machine)',
    })
    .option('generators', { type: 'number', requiresArg: true, default: 1, describe: 'processes that make the load' })
    .option('out', { type: 'string', requiresArg: true, default: 'runs', describe: 'folder for the run folders' })
    .option('name', { type: 'string', requiresArg: true, describe: 'what to call the run' })
    .option('json', { type: 'boolean', default: false, describe: 'one JSON document on stdout, all talk on stderr' })
    .option('quiet', { type: 'boolean', default: false, describe: 'no progress' });

type Flags = Awaited<ReturnType<typeof flags>['argv']>;

/** The command for yargs. */
export function stressCommand(surroundings: Surroundings): CommandModule<object, Flags> {
  return {
    command: 'stress',
    describe: 'load + observe + judge + report',
    builder: flags as unknown as (yargs: Argv<object>) => Argv<Flags>,
    handler: (argv) => run(argv, surroundings),
  };
}

async function run(
  argv: Flags,
  { stdout, stderr, live, color, words, signal, environment, exit }: Surroundings,
): Promise<void> {
  const profile = chooseProfile(argv);
  const progress = argv.quiet ? noProgress : showProgress(stderr, live, profile);
  const options: StressOptions = {
    profile,
    target: argv.target === undefined ? undefined : parseTarget(argv.target),
    expect: argv.expect === undefined ? undefined : parseStatuses(argv.expect),
    allowHost: argv.allowHost,
    thresholds: argv.threshold,
    metrics: argv.metrics,
    generators: wholeNumber('--generators', argv.generators, 64),
    out: argv.out,
    name: argv.name,
    urlsFile: environment.URLS_FILE ?? fileURLToPath(new URL('../urls.json', import.meta.url)),
    command: ['npm run stress --', ...words.slice(1).map(quote)].join(' '),
    environment,
    signal,
    onLine: progress.onLine,
    onStage: progress.onStage,
  };
  const result = await stress(options).finally(progress.end);
  const exitCode =
    result.run.status === 'interrupted' ? (signal.reason as { exitCode: number }).exitCode : result.judged.exitCode;
  const { summarizeReport } = await import('../reports/summary.ts');
  if (argv.json) stdout.write(`${JSON.stringify(stressDocument(result, exitCode), null, 2)}\n`);
  else stdout.write(`${summarizeReport(result.judged, { color })}\nreport: ${result.reportDir}/index.html\n`);
  exit(exitCode);
}

function chooseProfile(argv: Flags): Profile {
  if (argv.connections === undefined && argv.duration === undefined) return loadProfile(argv.profile);
  if (argv.connections === undefined || argv.duration === undefined) {
    throw new UserError('--connections N and --duration S go together: give both, or a --profile');
  }
  const connections = wholeNumber('--connections', argv.connections, 10_000);
  if (!(argv.duration >= 1 && argv.duration <= 86_400)) throw new UserError('--duration must be 1 to 86400 seconds');
  return {
    name: 'closed',
    description: 'One closed stage.',
    timeoutS: 5,
    stages: [
      { kind: 'closed', name: `${connections} connections`, connections, durationS: argv.duration, warmUp: false },
    ],
    thresholds: ['errors.rate < 1%'],
  };
}

function parseTarget(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new UserError(`--target ${text} is not a URL like http://127.0.0.1:8000 or http://127.0.0.1:8000/path`);
}

function parseStatuses(text: string): number[] {
  const statuses = text.split(',').map(Number);
  if (statuses.every((status) => Number.isInteger(status) && status >= 200 && status <= 599)) return statuses;
  throw new UserError(`--expect ${text} is not a list of HTTP statuses like 302,200`);
}

function wholeNumber(flag: string, value: number, largest: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= largest) return value;
  throw new UserError(`${flag} must be a whole number from 1 to ${largest}`);
}

/** A word as a shell would need it. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
