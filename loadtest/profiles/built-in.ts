// The built-in profiles, in the same format as a profile file.
import type { z } from 'zod';
import { nearest } from '../../model/nearest.ts';
import { type Profile, type ProfileStage, profileKeys, profileSchema } from '../../model/profile.ts';
import { UserError } from '../../model/user-error.ts';
import { readJsonFile } from './json-file.ts';

/** What the command line may change in a built-in profile. */
export type Tuning = {
  readonly ratePerS?: number | undefined;
  readonly durationS?: number | undefined;
  readonly poisson?: boolean;
};

const usualRatePerS = 100;
const hopeless = ['errors.rate > 50% for 5s'];

const atRest: ProfileStage = { kind: 'idle', name: 'at rest', durationS: 6 };
const recovery: ProfileStage = { kind: 'idle', name: 'recovery', durationS: 10 };
const warmUp: ProfileStage = { kind: 'closed', name: 'warm-up', connections: 8, durationS: 8, warmUp: true };

/** An open stage with the profile's usual bound on requests in flight. */
function open(
  name: string,
  arrivalRatePerS: number,
  durationS: number,
  { poisson }: Tuning,
): Extract<ProfileStage, { kind: 'open' }> {
  return {
    kind: 'open',
    name,
    arrivalRatePerS,
    durationS,
    arrivals: poisson ? 'poisson' : 'constant',
    maxConnections: 1000,
    warmUp: false,
  };
}

/** Every built-in profile by name, made for a rate and a duration where it has them. */
export const builtInProfiles: Readonly<Record<string, (tuning: Tuning) => Profile>> = {
  smoke: () => ({
    name: 'smoke',
    description: 'Ten seconds: does it stand up, and are its answers right? For every build.',
    timeoutS: 5,
    stages: [
      { kind: 'idle', name: 'at rest', durationS: 2 },
      { kind: 'closed', name: 'warm-up', connections: 4, durationS: 2, warmUp: true },
      { kind: 'closed', name: '10 connections', connections: 10, durationS: 5, warmUp: false },
    ],
    thresholds: ['errors.rate < 1%', 'latency.p99 < 250ms'],
    autostop: [],
  }),
  load: (tuning) => ({
    name: 'load',
    description: 'The usual rate of arrivals for a minute.',
    timeoutS: 5,
    stages: [atRest, warmUp, open('load', tuning.ratePerS ?? usualRatePerS, tuning.durationS ?? 60, tuning), recovery],
    thresholds: ['errors.rate < 1%', 'dropped.rate < 1%', 'latency.p99 < 250ms'],
    autostop: hopeless,
  }),
  stress: () => ({
    name: 'stress',
    description:
      'The machine at rest, then more and more connections until throughput stops rising, then its recovery.',
    timeoutS: 5,
    stages: [
      atRest,
      warmUp,
      { kind: 'ladder', name: 'ladder', connections: [1, 2, 4, 8, 16, 32, 64, 128, 256], durationS: 7, minGain: 0.05 },
      // Shorter than elsewhere, as the steps are: two types, each up to 64 connections, are done in four minutes with their installation.
      { ...recovery, durationS: 6 },
    ],
    thresholds: ['errors.rate < 1%', 'latency.p99 < 500ms'],
    autostop: hopeless,
  }),
  spike: (tuning) => {
    const ratePerS = tuning.ratePerS ?? usualRatePerS;
    return {
      name: 'spike',
      description: 'Ten times the usual rate for seconds, and the time until latency is back where it was.',
      timeoutS: 5,
      stages: [
        atRest,
        warmUp,
        open('before', ratePerS, 20, tuning),
        open('spike', ratePerS * 10, tuning.durationS ?? 10, tuning),
        { ...open('after', ratePerS, 30, tuning), recoverTo: 'before' },
      ],
      thresholds: ['errors.rate < 1%', 'dropped.rate < 1%'],
      autostop: [],
    };
  },
  soak: (tuning) => ({
    name: 'soak',
    description: 'The usual rate for an hour: do memory and latency stay where they are?',
    timeoutS: 5,
    stages: [
      atRest,
      warmUp,
      open('soak', tuning.ratePerS ?? usualRatePerS, tuning.durationS ?? 3600, tuning),
      recovery,
    ],
    thresholds: ['errors.rate < 1%', 'dropped.rate < 1%', 'latency.p99 < 250ms'],
    autostop: hopeless,
  }),
  capacity: (tuning) => ({
    name: 'capacity',
    description: 'The highest arrival rate that meets the SLO, as an interval.',
    timeoutS: 5,
    stages: [
      { ...atRest, durationS: 3 },
      { ...warmUp, durationS: 5 },
      {
        kind: 'capacity',
        name: 'capacity',
        from: tuning.ratePerS ?? usualRatePerS,
        to: 50_000,
        durationS: tuning.durationS ?? 2,
        rounds: 2,
        arrivals: tuning.poisson ? 'poisson' : 'constant',
        maxConnections: 256,
        slo: ['latency.p99 < 100ms', 'errors.rate < 1%'],
      },
    ],
    thresholds: [],
    autostop: [],
  }),
  rebuild: (tuning) => ({
    name: 'rebuild',
    description:
      'The usual rate before, during and after a command (--during), like a build: what does it do to CPU and latency?',
    timeoutS: 5,
    stages: [
      atRest,
      warmUp,
      open('before', tuning.ratePerS ?? usualRatePerS, 20, tuning),
      { ...open('during', tuning.ratePerS ?? usualRatePerS, tuning.durationS ?? 900, tuning), during: true },
      { ...open('after', tuning.ratePerS ?? usualRatePerS, 20, tuning), recoverTo: 'before' },
    ],
    thresholds: ['errors.rate < 1%', 'dropped.rate < 1%'],
    autostop: [],
  }),
};

/** A profile made for these figures; a UserError when one of them would change nothing. */
function tune(builtIn: (tuning: Tuning) => Profile, tuning: Tuning): Profile {
  const profile = builtIn(tuning);
  const kinds = profile.stages.map(({ kind }) => kind);
  const tunable = kinds.includes('open') || kinds.includes('capacity');
  if (!tunable && (tuning.ratePerS !== undefined || tuning.durationS !== undefined || tuning.poisson))
    throw new UserError(
      `profile ${profile.name} has a length and connections of its own: without --rate, --duration and --poisson`,
    );
  if (kinds.includes('capacity') && tuning.durationS !== undefined && tuning.durationS < 2)
    throw new UserError(`--duration is that of a probe with --profile ${profile.name}: at least 2 seconds`);
  return profile;
}

/** A built-in profile by name, or one from a JSON file; errors name the file and the path of what is wrong in it. */
export function loadProfile(nameOrFile: string, tuning: Tuning = {}): Profile {
  const builtIn = Object.hasOwn(builtInProfiles, nameOrFile) ? builtInProfiles[nameOrFile] : undefined;
  if (builtIn) return tune(builtIn, tuning);
  if (!nameOrFile.endsWith('.json')) {
    const names = Object.keys(builtInProfiles);
    throw new UserError(
      `there is no profile "${nameOrFile}"; did you mean ${nearest(nameOrFile, names)}? Built in: ${names.join(', ')}; or give a file that ends in .json`,
    );
  }
  if (tuning.ratePerS !== undefined || tuning.durationS !== undefined || tuning.poisson) {
    throw new UserError(
      `--rate, --duration and --poisson do not go with a profile file: write them into ${nameOrFile}`,
    );
  }
  const value = readJsonFile(nameOrFile);
  const result = profileSchema.safeParse(value);
  if (result.success) return checkReferences(result.data, nameOrFile);
  throw new UserError(`profile ${nameOrFile}: ${describeMistake(result.error.issues, value)}`, { cause: result.error });
}

/** A key that nobody knows comes first: what it was meant to be is missing, and would be told instead. */
function describeMistake(issues: readonly z.core.$ZodIssue[], value: unknown): string {
  const unknown = issues.find((each) => each.code === 'unrecognized_keys');
  const issue = unknown ?? issues[0];
  const at = issue?.path.join('.') || 'the whole';
  if (unknown?.code !== 'unrecognized_keys') return `${at}: ${issue?.message}`;
  const [key = ''] = unknown.keys;
  const present = unknown.path.reduce<unknown>((inner, step) => (inner as Record<PropertyKey, unknown>)[step], value);
  const known = profileKeys.filter((each) => !Object.hasOwn(present as object, each));
  return `${at}: there is no key "${key}"; did you mean ${nearest(key, known)}?`;
}

/** What the format alone cannot tell: a stage that another refers to must stand before it. */
function checkReferences(profile: Profile, file: string): Profile {
  profile.stages.forEach((stage, index) => {
    if (!('recoverTo' in stage) || stage.recoverTo === undefined) return;
    if (profile.stages.slice(0, index).some(({ name }) => name === stage.recoverTo)) return;
    throw new UserError(`profile ${file}: stages.${index}.recoverTo: there is no stage "${stage.recoverTo}" before it`);
  });
  return profile;
}
