import * as z from 'zod';
import { blocks, blocksS, connections, durationS, loadStage, type StageKind, stageName } from './load-stage.ts';

/** N connections, each sends when answered. */
export const closedStage = z.strictObject({
  kind: z.literal('closed'),
  name: stageName,
  connections,
  durationS,
  /** Pause of each connection between an answer and its next request. */
  thinkTimeS: z.number().positive().max(3600).exactOptional(),
  /** Measured in so many clean blocks of `durationS` each, in turn with the other instances; its figures are medians. */
  blocks: blocks.exactOptional(),
  ...loadStage,
});

export type ClosedStage = z.infer<typeof closedStage>;

export const closed: StageKind<ClosedStage> = {
  engine: ({ thinkTimeS }) => (thinkTimeS === undefined ? 'closed' : 'users'),
  plannedS: ({ blocks, durationS }) => (blocks === undefined ? durationS : blocksS(blocks, durationS).most),
  usualS: ({ blocks, durationS }) => (blocks === undefined ? durationS : blocksS(blocks, durationS).usual),
};
