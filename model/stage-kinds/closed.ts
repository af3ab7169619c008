import * as z from 'zod';
import { blocks, blocksS, connections, durationS, loadStage, type StageKind, stageName, starts } from './load-stage.ts';

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
  /** Over so many starts of the app, where headroom runs its own; default: one. */
  starts: starts.exactOptional(),
  ...loadStage,
});

export type ClosedStage = z.infer<typeof closedStage>;

export const closed: StageKind<ClosedStage> = {
  engine: ({ thinkTimeS }) => (thinkTimeS === undefined ? 'closed' : 'users'),
  plannedS: (stage) => inBlocks(stage)?.most ?? stage.durationS,
  usualS: (stage) => inBlocks(stage)?.usual ?? stage.durationS,
  highestPerS: ({ connections, thinkTimeS = 0 }) => connections / thinkTimeS,
};

function inBlocks({ blocks, durationS, starts }: ClosedStage): ReturnType<typeof blocksS> | undefined {
  return blocks === undefined ? undefined : blocksS(blocks, durationS, starts);
}
