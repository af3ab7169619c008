// Profiles by name or file. The built-in ones are the files in built-in/, in the format that a user writes.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { didYouMean } from '../../model/nearest.ts';
import { type Profile, profileSchema } from '../../model/profile.ts';
import { UserError } from '../../model/user-error.ts';
import { readJsonFile } from './json-file.ts';
import { describeProfileMistake } from './profile-mistake.ts';
import { type Tuning, tuneProfile } from './tune-profile.ts';

const folder = fileURLToPath(new URL('./built-in/', import.meta.url));

/** The names of the built-in profiles, in alphabetical order. */
export const builtInProfiles: readonly string[] = readdirSync(folder)
  .map((file) => file.replace(/\.json$/, ''))
  .sort();

/** A built-in profile by name, or one from a JSON file, tuned. A UserError names the file and the path of what is wrong in it. */
export function loadProfile(nameOrFile: string, tuning: Tuning = {}): Profile {
  if (builtInProfiles.includes(nameOrFile)) return tuneProfile(readProfile(`${folder}${nameOrFile}.json`), tuning);
  if (nameOrFile.endsWith('.json')) return tuneProfile(readProfile(nameOrFile), tuning);
  throw new UserError(
    `there is no profile "${nameOrFile}".${didYouMean(nameOrFile, builtInProfiles)} Use one of ${builtInProfiles.join(', ')}, or a file that ends in .json`,
  );
}

function readProfile(file: string): Profile {
  const value = readJsonFile(file);
  const result = profileSchema.safeParse(value);
  if (!result.success) {
    throw new UserError(`profile ${file}: ${describeProfileMistake(result.error.issues, value)}`, {
      cause: result.error,
    });
  }
  checkReferences(result.data, file);
  return withThresholds(result.data);
}

/** A target that answers with errors alone must not pass, nor one for which arrivals were not sent. The probes of a capacity search are judged by its SLO. */
function withThresholds(profile: Profile): Profile {
  if (profile.thresholds.length > 0 || !hasMeasuredStage(profile)) return profile;
  const open = profile.stages.some(({ kind, ...stage }) => kind === 'open' && !('warmUp' in stage && stage.warmUp));
  return { ...profile, thresholds: ['errors.rate < 1%', ...(open ? ['dropped.rate < 1%'] : [])] };
}

/** Whether a stage has load that thresholds are judged by. */
export function hasMeasuredStage({ stages }: Profile): boolean {
  return stages.some((stage) =>
    stage.kind === 'open' || stage.kind === 'closed'
      ? !stage.warmUp && stage.credits !== 'empty'
      : stage.kind === 'ladder',
  );
}

/** What the format alone cannot hold: a replay is made from its log; a stage that is referred to must exist, and stand before the stage that compares itself with it. */
function checkReferences({ stages, tune }: Profile, file: string): void {
  stages.forEach((stage, index) => {
    if (stage.kind === 'replay')
      throw new UserError(`profile ${file}: stages.${index}.kind: a file cannot have a replay. Use --replay LOG`);
    if (!('recoverTo' in stage) || stage.recoverTo === undefined) return;
    if (stages.slice(0, index).some(({ name }) => name === stage.recoverTo)) return;
    throw new UserError(`profile ${file}: stages.${index}.recoverTo: there is no stage "${stage.recoverTo}" before it`);
  });
  if (tune && !stages.some(({ name }) => name === tune.durationOf))
    throw new UserError(`profile ${file}: tune.durationOf: there is no stage "${tune.durationOf}"`);
}
