import * as z from 'zod';
import { blocks, blocksS, connections, durationS, type StageKind, stageName } from './load-stage.ts';

/** Closed stages one after the other, with more connections each time, until throughput stops rising. */
export const ladderStage = z.strictObject({
  kind: z.literal('ladder'),
  name: stageName,
  connections: z.array(connections).min(2),
  /** Of each rung. */
  durationS,
  /** Throughput has stopped rising after two rungs in a row that gain less than this fraction over the best. */
  minGain: z.number().min(0).max(1).default(0.05),
  /** Where throughput stopped rising is measured again, in so many clean blocks. */
  blocks: z.strictObject({ count: blocks, durationS }).exactOptional(),
});

export type LadderStage = z.infer<typeof ladderStage>;

export const ladder: StageKind<LadderStage> = {
  engine: () => 'closed',
  plannedS: (stage) => rungsS(stage) + (inBlocks(stage)?.most ?? 0),
  usualS: (stage) => rungsS(stage) + (inBlocks(stage)?.usual ?? 0),
};

function rungsS({ durationS, connections }: LadderStage): number {
  return durationS * connections.length;
}

function inBlocks({ blocks }: LadderStage): ReturnType<typeof blocksS> | undefined {
  return blocks && blocksS(blocks.count, blocks.durationS);
}
