// A profile with the rate, the duration and the arrivals of the command line.
import { kindOf, type Profile, type ProfileStage, profileSchema } from '../../model/profile.ts';
import { UserError } from '../../model/user-error.ts';
import { describeProfileMistake } from './profile-mistake.ts';

/** --rate, --duration and --poisson. */
export type Tuning = {
  readonly ratePerS?: number | undefined;
  readonly durationS?: number | undefined;
  readonly poisson?: boolean;
};

/** The profile as it runs, without its `tune`. Throws a UserError where a figure would change nothing or is out of its range. */
export function tuneProfile(
  { tune, $schema: _, ...profile }: Profile,
  { ratePerS, durationS, poisson }: Tuning,
): Profile {
  if (!tune) {
    if (ratePerS === undefined && durationS === undefined && !poisson) return profile;
    throw new UserError(
      `profile ${profile.name} has rates and durations of its own. Leave out --rate, --duration and --poisson`,
    );
  }
  const times = (rate: number): number => (ratePerS === undefined ? rate : (rate * ratePerS) / tune.ratePerS);
  const stages = profile.stages.map((stage): ProfileStage => {
    const timed = durationS !== undefined && stage.name === tune.durationOf ? { ...stage, durationS } : stage;
    const scaled = kindOf(timed).scaled?.(timed, times) ?? timed;
    return poisson && 'arrivals' in scaled ? { ...scaled, arrivals: 'poisson' } : scaled;
  });
  const result = profileSchema.safeParse({ ...profile, stages });
  if (result.success) return result.data;
  const flag = result.error.issues[0]?.path.includes('durationS') ? '--duration' : '--rate';
  throw new UserError(
    `${flag} does not fit profile ${profile.name}: ${describeProfileMistake(result.error.issues, { ...profile, stages })}`,
    { cause: result.error },
  );
}
