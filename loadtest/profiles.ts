// The built-in profiles, in the same format as a profile file.
import { readFileSync } from 'node:fs';
import { nearest } from '../model/nearest.ts';
import { type Profile, profileSchema } from '../model/profile.ts';
import { UserError } from '../model/user-error.ts';

const smoke: Profile = {
  name: 'smoke',
  description: 'Ten seconds: does it stand up, and are its answers right? For every build.',
  timeoutS: 5,
  stages: [
    { kind: 'idle', name: 'at rest', durationS: 2 },
    { kind: 'closed', name: 'warm-up', connections: 4, durationS: 2, warmUp: true },
    { kind: 'closed', name: '10 connections', connections: 10, durationS: 5, warmUp: false },
  ],
  thresholds: ['errors.rate < 1%', 'latency.p99 < 250ms'],
};

const stress: Profile = {
  name: 'stress',
  description: 'The machine at rest, then more and more connections until throughput stops rising, then its recovery.',
  timeoutS: 5,
  stages: [
    { kind: 'idle', name: 'at rest', durationS: 6 },
    { kind: 'closed', name: 'warm-up', connections: 8, durationS: 8, warmUp: true },
    { kind: 'ladder', name: 'ladder', connections: [1, 2, 4, 8, 16, 32, 64, 128, 256], durationS: 8, minGain: 0.05 },
    { kind: 'idle', name: 'recovery', durationS: 10 },
  ],
  thresholds: ['errors.rate < 1%', 'latency.p99 < 500ms'],
};

export const builtInProfiles: Readonly<Record<string, Profile>> = { smoke, stress };

/** A built-in profile by name, or one from a JSON file; errors name the file and the path of what is wrong in it. */
export function loadProfile(nameOrFile: string): Profile {
  const builtIn = builtInProfiles[nameOrFile];
  if (builtIn) return builtIn;
  if (!nameOrFile.endsWith('.json')) {
    const names = Object.keys(builtInProfiles);
    throw new UserError(
      `there is no profile "${nameOrFile}"; did you mean ${nearest(nameOrFile, names)}? Built in: ${names.join(', ')}; or give a file that ends in .json`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(nameOrFile, 'utf8'));
  } catch (cause) {
    throw new UserError(`profile ${nameOrFile} cannot be read: ${(cause as Error).message}`, { cause });
  }
  const result = profileSchema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new UserError(`profile ${nameOrFile}: ${issue?.path.join('.') || 'the whole'}: ${issue?.message}`, {
    cause: result.error,
  });
}
