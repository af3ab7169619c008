import * as z from 'zod';
import { connections, durationS, loadStage, type StageKind, stageName } from './load-stage.ts';

/** N connections, each sends when answered. */
export const closedStage = z.strictObject({
  kind: z.literal('closed'),
  name: stageName,
  connections,
  durationS,
  /** Pause of each connection between an answer and its next request. */
  thinkTimeS: z.number().positive().max(3600).exactOptional(),
  ...loadStage,
});

export type ClosedStage = z.infer<typeof closedStage>;

export const closed: StageKind<ClosedStage> = {
  engine: ({ thinkTimeS }) => (thinkTimeS === undefined ? 'closed' : 'users'),
  plannedS: (stage) => stage.durationS,
};
