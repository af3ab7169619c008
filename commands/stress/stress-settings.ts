// From flags to what a run is told; whatever does not go together is said here, before anything is started.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { loadProfile } from '../../loadtest/profiles/load-profile.ts';
import type { Profile } from '../../model/profile.ts';
import { parseThreshold } from '../../model/threshold.ts';
import { UserError } from '../../model/user-error.ts';
import { parseSources } from '../../monitors/collectors/source-choice.ts';
import type { Surroundings } from '../cli/context.ts';
import { parseTarget } from '../cli/target-url.ts';
import { chooseInstance } from './pair.ts';
import type { StressFlags } from './stress-flags.ts';
import type { StressOptions } from './stress-options.ts';

/** Everything but the callbacks. */
export function chooseOptions(
  argv: StressFlags,
  { words, environment, signal }: Surroundings,
): Omit<StressOptions, 'onLine' | 'onStage' | 'emulation' | 'warning' | 'datadog'> {
  const profile = chooseProfile(argv);
  const shard = chooseShard(argv);
  const adaptive = profile.stages.find(
    (stage) => stage.kind === 'ladder' || stage.kind === 'capacity' || ('during' in stage && stage.during),
  );
  if (shard && adaptive) {
    throw new UserError(
      `--shard: stage ${adaptive.name} decides by what it measures, which shards cannot do apart: take closed and open stages only`,
    );
  }
  return {
    profile,
    target: argv.target === undefined ? undefined : parseTarget('--target', argv.target),
    instance: chooseInstance(argv),
    expect: argv.expect === undefined ? undefined : parseStatuses(argv.expect),
    allowHost: argv.allowHost,
    thresholds: argv.threshold,
    sources: argv.metrics === undefined ? undefined : parseSources(argv.metrics.join(',')),
    // The shortener has one worker; a target that was there before may use every core, or none of this machine's.
    generators:
      argv.generators === undefined
        ? Math.max(1, Math.min(8, availableParallelism() - 1))
        : wholeNumber('--generators', argv.generators, 1, 64),
    seed: wholeNumber('--seed', argv.seed, 0, Number.MAX_SAFE_INTEGER),
    insecure: argv.insecure,
    shard,
    during: argv.during,
    out: argv.out,
    name: argv.name,
    urlsFile: environment.URLS_FILE ?? fileURLToPath(new URL('../../urls.json', import.meta.url)),
    command: ['npm run stress', ...(words.length > 1 ? ['--'] : []), ...words.slice(1).map(quote)].join(' '),
    environment,
    signal,
  };
}

function chooseProfile(argv: StressFlags): Profile {
  const profile =
    argv.profile === undefined && (argv.rate ?? argv.connections ?? argv.duration) !== undefined
      ? oneStage(argv)
      : namedProfile(argv);
  const marked = profile.stages.some((stage) => 'during' in stage && stage.during);
  if (marked && argv.during === undefined)
    throw new UserError(`profile ${profile.name} needs the command that runs in mid-run: --during 'npm run build'`);
  if (!marked && argv.during !== undefined)
    throw new UserError(
      '--during goes with --profile rebuild, or with a profile file that has a stage with "during": true',
    );
  for (const stage of profile.stages) if (stage.kind === 'capacity') checkSlo(argv.slo ?? stage.slo);
  if (argv.slo === undefined) return profile;
  if (!profile.stages.some((stage) => stage.kind === 'capacity'))
    throw new UserError('--slo goes with --profile capacity; a run is judged by --threshold');
  const slo = argv.slo.map((text) => parseThreshold(text).expression);
  return { ...profile, stages: profile.stages.map((stage) => (stage.kind === 'capacity' ? { ...stage, slo } : stage)) };
}

/** A probe is judged by its own load figures; what the host did in two seconds is evidence, no criterion. */
function checkSlo(slo: readonly string[]): void {
  for (const text of slo) {
    const { metric, aggregation } = parseThreshold(text);
    if (aggregation !== undefined)
      throw new UserError(
        `--slo ${text}: a probe is judged by latency, errors, dropped or throughput, not by ${metric}`,
      );
  }
}

function namedProfile(argv: StressFlags): Profile {
  if (argv.connections !== undefined) throw new UserError('--connections goes with --duration and without --profile');
  return loadProfile(argv.profile ?? 'stress', {
    ratePerS: argv.rate === undefined ? undefined : ratePerS(argv.rate),
    durationS: argv.duration === undefined ? undefined : durationS(argv.duration),
    poisson: argv.poisson,
  });
}

/** One open or closed stage, and nothing around it. */
function oneStage(argv: StressFlags): Profile {
  if (argv.rate !== undefined && argv.connections !== undefined) {
    throw new UserError('--rate makes an open stage and --connections a closed one: give one of them');
  }
  if (argv.duration === undefined) {
    throw new UserError(
      argv.rate === undefined
        ? '--connections also needs --duration S'
        : '--rate also needs --duration S, or a --profile whose rate it is',
    );
  }
  if (argv.rate === undefined && argv.connections === undefined) {
    throw new UserError(
      '--duration also needs --rate N (an open stage), --connections N (a closed one) or a --profile',
    );
  }
  const seconds = durationS(argv.duration);
  const profile = { description: 'One stage.', timeoutS: 5, autostop: [] };
  if (argv.rate !== undefined) {
    const arrivalRatePerS = ratePerS(argv.rate);
    return {
      ...profile,
      name: 'open',
      stages: [
        {
          kind: 'open',
          name: `${arrivalRatePerS}/s`,
          arrivalRatePerS,
          durationS: seconds,
          arrivals: argv.poisson ? 'poisson' : 'constant',
          maxConnections: 1000,
          warmUp: false,
        },
      ],
      thresholds: ['errors.rate < 1%', 'dropped.rate < 1%'],
    };
  }
  if (argv.poisson) throw new UserError('--poisson is about arrivals: it goes with --rate');
  const connections = wholeNumber('--connections', argv.connections as number, 1, 10_000);
  return {
    ...profile,
    name: 'closed',
    stages: [{ kind: 'closed', name: `${connections} connections`, connections, durationS: seconds, warmUp: false }],
    thresholds: ['errors.rate < 1%'],
  };
}

function chooseShard(argv: StressFlags): StressOptions['shard'] {
  if (argv.shard === undefined && argv.startAt === undefined) return undefined;
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(argv.shard ?? '') ?? [];
  const startAt = Date.parse(argv.startAt ?? '');
  if (index === undefined || Number(index) < 1 || Number(index) > Number(of)) {
    throw new UserError('--shard must be I/N with I from 1 to N, like 2/3, together with --start-at');
  }
  if (Number.isNaN(startAt))
    throw new UserError('--start-at must be a time like 2026-01-31T12:00:00Z, the same for every shard');
  if (startAt < Date.now() + 5000)
    throw new UserError('--start-at must lie at least 5 s in the future: shards need time to get ready');
  return { index: Number(index) - 1, of: Number(of), startAt };
}

function parseStatuses(text: string): number[] {
  const statuses = text.split(',').map(Number);
  if (statuses.every((status) => Number.isInteger(status) && status >= 200 && status <= 599)) return statuses;
  throw new UserError(`--expect ${text} is not a list of HTTP statuses like 302,200`);
}

function wholeNumber(flag: string, value: number, smallest: number, largest: number): number {
  if (Number.isInteger(value) && value >= smallest && value <= largest) return value;
  throw new UserError(`${flag} must be a whole number from ${smallest} to ${largest}`);
}

function ratePerS(value: number): number {
  if (value > 0 && value <= 1_000_000) return value;
  throw new UserError('--rate must be more than 0 and at most 1000000 per second');
}

function durationS(value: number): number {
  if (value >= 1 && value <= 7 * 86_400) return value;
  throw new UserError('--duration must be 1 to 604800 seconds');
}

/** A word as a shell would need it. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
