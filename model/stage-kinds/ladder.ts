import * as z from 'zod';
import { blocks, connections, durationS, mostBlocks, type StageKind, stageName } from './load-stage.ts';

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
  plannedS: (stage) =>
    stage.durationS * stage.connections.length +
    (stage.blocks === undefined ? 0 : stage.blocks.durationS * mostBlocks(stage.blocks.count)),
};
