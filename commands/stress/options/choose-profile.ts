// Which profile a run has: a named one, a file, or one stage made of flags.
import { loadProfile } from '../../../loadtest/profiles/load-profile.ts';
import type { Profile } from '../../../model/profile.ts';
import { UserError } from '../../../model/user-error.ts';
import type { StressFlags } from '../flags/stress-flags.ts';
import { withSlo } from './choose-slo.ts';
import type { Replay } from './read-replay.ts';

/** The profile of the flags, or of the log that is replayed; a UserError when flags do not go together. */
export function chooseProfile(argv: StressFlags, replay?: Replay): Profile {
  if (replay) return replayProfile(replay, argv.timeout);
  const profile =
    argv.profile === undefined && (argv.rate ?? argv.connections ?? argv.duration) !== undefined
      ? oneStage(argv)
      : namedProfile(argv);
  const marked = profile.stages.some((stage) => 'during' in stage && stage.during);
  if (marked && argv.during === undefined)
    throw new UserError(
      `profile ${profile.name} runs a command during its load. Give one, like --during 'npm run build'`,
    );
  if (!marked && argv.during !== undefined && !profile.stages.some(({ kind }) => kind === 'build'))
    throw new UserError(
      '--during needs --profile stress or rebuild, or a profile file with a stage of kind "build" or "during": true',
    );
  const recorded = profile.stages.find(({ kind }) => kind === 'replay');
  if (recorded)
    throw new UserError(
      `stage ${recorded.name} of profile ${profile.name} replays a log: give it with --replay instead`,
    );
  const timed = argv.timeout === undefined ? profile : { ...profile, timeoutS: timeoutS(argv.timeout) };
  return withSlo(timed, argv);
}

function namedProfile(argv: StressFlags): Profile {
  if (argv.connections !== undefined) throw new UserError('--connections needs --duration, and no --profile');
  return loadProfile(argv.profile ?? 'stress', {
    ratePerS: argv.rate === undefined ? undefined : ratePerS(argv.rate),
    durationS: argv.duration === undefined ? undefined : durationS(argv.duration),
    poisson: argv.poisson,
  });
}

/** One open or closed stage, without warm-up and recovery. */
function oneStage(argv: StressFlags): Profile {
  if (argv.rate !== undefined && argv.connections !== undefined) {
    throw new UserError('give either --rate (an open stage) or --connections (a closed stage)');
  }
  if (argv.duration === undefined) {
    throw new UserError(
      argv.rate === undefined
        ? '--connections needs --duration, like --duration 60'
        : '--rate needs --duration, like --duration 60, or a --profile',
    );
  }
  if (argv.rate === undefined && argv.connections === undefined) {
    throw new UserError('--duration needs --rate (an open stage), --connections (a closed stage) or a --profile');
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
  if (argv.poisson) throw new UserError('--poisson needs --rate');
  const connections = wholeNumber('--connections', argv.connections as number, 1, 10_000);
  return {
    ...profile,
    name: 'closed',
    stages: [{ kind: 'closed', name: `${connections} connections`, connections, durationS: seconds, warmUp: false }],
    thresholds: ['errors.rate < 1%'],
  };
}

/** A warm-up with the mix of the log is a tenth of the replay, and no longer than this. */
const longestWarmUpS = 10;

function replayProfile({ record, schedule }: Replay, timeout = 5): Profile {
  const { durationS, peakPerS, request } = schedule;
  return {
    name: 'replay',
    description: 'The requests of an access log at their own moments.',
    timeoutS: timeoutS(timeout),
    autostop: [],
    stages: [
      {
        kind: 'replay',
        name: 'replay',
        durationS,
        speed: record.speed,
        requests: request.length,
        peakPerS,
        maxConnections: 1000,
        warmUpS: Math.min(longestWarmUpS, durationS / 10),
        warmUp: false,
      },
    ],
    thresholds: ['errors.rate < 1%', 'dropped.rate < 1%'],
  };
}

function ratePerS(value: number): number {
  if (value > 0 && value <= 1_000_000) return value;
  throw new UserError('--rate must be more than 0 and at most 1000000 per second');
}

function durationS(value: number): number {
  if (value >= 1 && value <= 7 * 86_400) return value;
  throw new UserError('--duration must be 1 to 604800 seconds');
}

function timeoutS(value: number): number {
  if (value >= 2 && value <= 300) return value;
  throw new UserError('--timeout must be 2 to 300 seconds');
}

export function wholeNumber(flag: string, value: number, smallest: number, largest: number): number {
  if (Number.isInteger(value) && value >= smallest && value <= largest) return value;
  throw new UserError(`${flag} must be a whole number from ${smallest} to ${largest}`);
}
