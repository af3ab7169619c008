import * as z from 'zod';
import { durationS, type StageKind, stageName } from './load-stage.ts';

/** No load: the machine at rest before, or its recovery after. */
export const idleStage = z.strictObject({ kind: z.literal('idle'), name: stageName, durationS });

export type IdleStage = z.infer<typeof idleStage>;

export const idle: StageKind<IdleStage> = {
  engine: () => undefined,
  plannedS: (stage) => stage.durationS,
  highestPerS: () => 0,
};
