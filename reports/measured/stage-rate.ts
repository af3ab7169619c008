// The rate of a stage as whole vCPUs of the undisturbed core serve it: what capacities, predictions and comparisons rest on.
import { type Block, type BlockFigure, countedBlocks, medianOf } from '../../model/block.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { widenForSharing } from './shared-core.ts';
import { wholeVcpuFactor } from './whole-vcpus.ts';

type StageRate = {
  readonly perS: number;
  /** The interval that the blocks give, and how many count; absent for a stage without blocks. */
  readonly blocks?: { readonly low: number; readonly high: number; readonly count: number };
};

/**
 * What slows a redis SET down on the measured core (a neighbour of the machine in its caches, a lower clock) slows the app down by more: by this
 * power of the SET's factor. Of 73 blocks of eight runs on one machine whose SETs took 1.15 to 2 times the usual, eight in ten lay between the
 * ends (10th and 90th percentile 1.0 and 2.1, median 1.57), against the undisturbed blocks of all runs.
 */
const power = { value: 1.5, low: 1, high: 2.1 };

/** Requests per second of a stage; of a stage in blocks as `undisturbedFigure`. */
export function stageRate(run: RunRecord, stage: StageRecord): StageRate {
  const figure = undisturbedFigure(run, stage.blocks ?? [], ({ throughputPerS }) => throughputPerS, 1);
  const whole = (perS: number) => wholeVcpuFactor(run, stage, perS) * perS;
  if (!figure) return { perS: whole(stage.throughputPerS) };
  const { value, low, high } = widenForSharing(run, figure, 1);
  return { perS: whole(value), blocks: { low: whole(low), high: whole(high), count: figure.blocks } };
}

/**
 * The median of a figure over the blocks that count (`countedBlocks`), as it is on the undisturbed core. Where clean blocks are enough, they are
 * taken as measured. Else those on a slow core are corrected, upward for a rate (`direction` 1) and downward for a cost (-1), and the interval is widened by what
 * is not known of the correction. Undefined without a block that has the figure.
 */
export function undisturbedFigure(
  run: RunRecord,
  blocks: readonly Block[],
  of: (block: Block) => number | undefined,
  direction: 1 | -1,
): BlockFigure | undefined {
  const counted = countedBlocks(blocks);
  const corrected = counted.map((block) => {
    const figure = of(block);
    return figure === undefined ? undefined : figure * correction(run, block) ** direction;
  });
  const found = medianOf(corrected.filter((each) => each !== undefined));
  if (!found) return undefined;
  const wider = widening(run, blocks);
  return direction === 1
    ? { ...found, low: found.low * wider.low, high: found.high * wider.high }
    : { ...found, low: found.low / wider.high, high: found.high / wider.low };
}

/** How many times as much the app would have done in a block on the undisturbed core; 1 for a clean block. */
export function correction(run: RunRecord, block: Block, end: keyof typeof power = 'value'): number {
  return block.clean ? 1 : timesSlower(run, block) ** power[end];
}

/** Whether blocks count that were not clean. */
export function isCorrected(blocks: readonly Block[]): boolean {
  return countedBlocks(blocks).some(({ clean }) => !clean);
}

/** By how much the interval of a rate is wider at each end, for what is not known of the correction. */
export function widening(run: RunRecord, blocks: readonly Block[]): { readonly low: number; readonly high: number } {
  const counted = countedBlocks(blocks).map((block) => (block.clean ? 1 : timesSlower(run, block)));
  const times = medianOf(counted)?.value ?? 1;
  if (times <= 1) return { low: 1, high: 1 };
  return { low: times ** (power.low - power.value), high: times ** (power.high - power.value) };
}

/** How many times its undisturbed CPU time a redis SET took right before and after a block; 1 where none were measured. */
export function timesSlower({ vcpuSpeed }: RunRecord, { redisSet }: Block): number {
  if (!redisSet || !vcpuSpeed) return 1;
  return (redisSet.beforeUs + redisSet.afterUs) / 2 / vcpuSpeed.redisSetUs.value;
}
