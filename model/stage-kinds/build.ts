import * as z from 'zod';
import { durationS, ratePerS, type StageKind, stageName } from './load-stage.ts';

/** A steady light load before, beside and after a build: the command of --during, or this project's own build. */
export const buildStage = z.strictObject({
  kind: z.literal('build'),
  name: stageName,
  /** Requests; with a walk too, of which fewer begin. */
  arrivalRatePerS: ratePerS.positive(),
  /** Of the load before, and of that after it. */
  durationS,
  /** A build that has not ended by then is stopped. */
  longestS: durationS,
});

export type BuildStage = z.infer<typeof buildStage>;

/** This project's own, on a whole core. */
const usualBuildS = 12;

export const build: StageKind<BuildStage> = {
  engine: () => 'open',
  plannedS: (stage) => 2 * stage.durationS + stage.longestS,
  usualS: (stage) => 2 * stage.durationS + usualBuildS,
  highestPerS: (stage) => stage.arrivalRatePerS,
  becomesMany: true,
  scaled: (stage, times) => ({ ...stage, arrivalRatePerS: times(stage.arrivalRatePerS) }),
};
