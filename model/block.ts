// A block: one visit to a target among several that are visited in turn, and the figure that the clean blocks of a stage give.
import * as z from 'zod';
import { findingSchema } from './finding.ts';

export const blockSchema = z.object({
  startedAt: z.iso.datetime(),
  /** Which start of the app it is of, from 1; absent where the app was started once, or by somebody else. */
  start: z.number().int().positive().exactOptional(),
  /** Seconds of load. */
  durationS: z.number().positive(),
  throughputPerS: z.number().nonnegative(),
  /** CPU time that the app's processes, and nginx in the path, used; absent where they are not known. */
  appCpuS: z.number().nonnegative().exactOptional(),
  /** Of that, nginx's; absent where headroom started none. */
  nginxCpuS: z.number().nonnegative().exactOptional(),
  /** The speed check before and after it: CPU time of the fixed computation on the measured core, in ms; absent where the target is on another machine. */
  probe: z.object({ beforeMs: z.number().positive(), afterMs: z.number().positive() }).exactOptional(),
  /** CPU time of a redis SET on the measured core, in microseconds; absent where it was not measured. */
  redisSet: z.object({ beforeUs: z.number().positive(), afterUs: z.number().positive() }).exactOptional(),
  /** Share of the measured cores' time, 0 to 1, that went to anything but the app; absent where it is not known. */
  takenShare: z.number().min(0).max(1).exactOptional(),
  clean: z.boolean(),
  /** Why it is not clean. */
  disturbance: findingSchema.exactOptional(),
});
export type Block = z.infer<typeof blockSchema>;

/** A figure with its interval, and how many clean blocks it is the median of. */
export type BlockFigure = {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly blocks: number;
};

/** Fewer clean blocks give no figure that a verdict may rest on. */
export const fewestBlocks = 8;
/** The interval of a median covers it at least this often. */
const coverage = 0.9;
/** How far the medians of two runs on one idle machine lie apart, whatever their blocks say: `npm run bench -- verdict-repeats`. */
const repeatability = 0.05;

/**
 * The blocks that the figures of a stage rest on: the clean ones where they are enough; else also those on a slow core beside which redis SETs
 * say how slow it was.
 */
export function countedBlocks(blocks: readonly Block[]): readonly Block[] {
  const clean = blocks.filter((block) => block.clean);
  if (clean.length >= fewestBlocks) return clean;
  return blocks.filter(({ clean, redisSet, disturbance }) => clean || (redisSet && disturbance?.code === 'core-slow'));
}

/** The median of a figure over the blocks that count, as measured. Undefined without one that has the figure. */
export function blockFigure(
  blocks: readonly Block[],
  of: (block: Block) => number | undefined = ({ throughputPerS }) => throughputPerS,
): BlockFigure | undefined {
  return medianOf(countedBlocks(blocks).flatMap((block) => of(block) ?? []));
}

/** The target of a run as a block is measured on it. */
export type BlockTarget = {
  readonly vcpus?: number;
  readonly vcpuShare?: number;
  readonly vcpuShareAtBaseline?: number;
};

/** CPU that a block used of an emulated instance, in percent of its type; undefined where either is not known. `role`: of its stage. */
export function instanceUsePercent(
  { appCpuS, durationS }: Block,
  target: BlockTarget,
  role: string,
): number | undefined {
  const { vcpus, vcpuShare, vcpuShareAtBaseline } = target;
  const share = role === 'sustained' ? vcpuShareAtBaseline : vcpuShare;
  if (appCpuS === undefined || vcpus === undefined || share === undefined) return undefined;
  return (100 * appCpuS) / durationS / (vcpus * share);
}

/**
 * The median, with the narrowest pair of order statistics that covers it in 90 % of all cases (David & Nagaraja, Order Statistics, 7.1),
 * and at least 5 % to both sides. Of eight blocks of two starts of the app it spans both but for one block at either end. Undefined without a value.
 */
export function medianOf(unordered: readonly number[]): BlockFigure | undefined {
  const values = [...unordered].sort((a, b) => a - b);
  if (values.length === 0) return undefined;
  const value = quantile(values, 0.5);
  const left = leftOut(values.length);
  return {
    value,
    low: Math.min(values[left] as number, value * (1 - repeatability)),
    high: Math.max(values[values.length - 1 - left] as number, value * (1 + repeatability)),
    blocks: values.length,
  };
}

/** How many of the lowest and of the highest of `count` values the interval of their median leaves out. */
function leftOut(count: number): number {
  let missed = 0;
  let ways = 1;
  for (let rank = 0; rank < count / 2; rank++) {
    // Of 2^count orders, those with at most `rank` values below the median.
    missed += ways / 2 ** count;
    if (1 - 2 * missed < coverage) return Math.max(0, rank - 1);
    ways = (ways * (count - rank)) / (rank + 1);
  }
  return 0;
}

/** The value at a share of the sorted values, with what lies between two of them in proportion. */
export function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)] as number, sorted[Math.ceil(at)] as number];
  return below + (above - below) * (at - Math.floor(at));
}
