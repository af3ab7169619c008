import * as z from 'zod';
import { blocks, blocksS, connections, durationS, type StageKind, stageName, starts } from './load-stage.ts';
import { openBlockS, openBlocksS } from './open-block.ts';

/** Closed stages one after the other, with more connections each time, until throughput stops rising. */
export const ladderStage = z.strictObject({
  kind: z.literal('ladder'),
  name: stageName,
  connections: z.array(connections).min(2),
  /** Of each rung. */
  durationS,
  /** Throughput has stopped rising after two rungs in a row that gain less than this fraction over the best. */
  minGain: z.number().min(0).max(1).default(0.05),
  /** Where throughput stopped rising is measured again, in so many clean blocks; over so many starts of the app, where headroom runs its own. */
  blocks: z.strictObject({ count: blocks, durationS, starts: starts.exactOptional() }).exactOptional(),
  /**
   * From there the highest arrival rate that meets the SLO is searched in so many open blocks, with CPU credits. --slo replaces the SLO;
   * default: the latency and error thresholds of the run, and the one of the monitor app-p99.
   */
  atSlo: z
    .strictObject({
      blocks: z.number().int().min(2).max(40),
      durationS: openBlockS,
      slo: z.array(z.string()).min(1).exactOptional(),
    })
    .exactOptional(),
});

export type LadderStage = z.infer<typeof ladderStage>;

export const ladder: StageKind<LadderStage> = {
  engine: () => 'closed',
  plannedS: (stage) => rungsS(stage) + (inBlocks(stage)?.most ?? 0) + (atSlo(stage)?.most ?? 0),
  usualS: (stage) => rungsS(stage) + (inBlocks(stage)?.usual ?? 0) + (atSlo(stage)?.usual ?? 0),
  highestPerS: () => Number.POSITIVE_INFINITY,
  becomesMany: true,
};

function rungsS({ durationS, connections }: LadderStage): number {
  return durationS * connections.length;
}

function inBlocks({ blocks }: LadderStage): ReturnType<typeof blocksS> | undefined {
  return blocks && blocksS(blocks.count, blocks.durationS, blocks.starts);
}

function atSlo({ atSlo }: LadderStage): ReturnType<typeof openBlocksS> | undefined {
  return atSlo && openBlocksS(atSlo.blocks, atSlo.durationS);
}
