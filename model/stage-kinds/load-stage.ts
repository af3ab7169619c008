// Fields that kinds of stages share.
import * as z from 'zod';
import { fewestBlocks } from '../block.ts';

export const stageName = z.string().min(1).max(80);
export const durationS = z
  .number()
  .positive()
  .max(7 * 86_400);
export const ratePerS = z.number().min(0).max(1_000_000);
export const connections = z.number().int().min(1).max(10_000);
export const maxConnections = z.number().int().min(1).max(20_000);

/** Clean blocks that a stage is measured in. */
export const blocks = z.number().int().min(fewestBlocks).max(200);

/** Blocks beside a disturbance are measured again, but only so many in all. */
export function mostBlocks(clean: number): number {
  return Math.ceil(clean * 1.5);
}

/** Seconds of load before each block, which does not count. */
export const leadS = 0.6;
/**
 * Starts of the app that the blocks of a stage are spread over, where headroom runs its own app: two processes of one app differ by a tenth in CPU
 * time per request for as long as they live.
 */
export const starts = z.number().int().min(1).max(8);
/**
 * Seconds of load after each further start, which count nowhere: V8 compiles what is hot. After 30,000 requests a worker of the shortener needed
 * 1.12 to 1.23 times the CPU time of one that had answered 100,000, after 60,000 1 to 1.07 times (four processes). Workers that share a core take longer.
 */
export const freshLeadS = { whole: 3, shared: 4.5 };
/** Seconds in which the app ends and starts. */
const restartS = 0.8;

/** Blocks in a row that one start serves. */
export function blocksPerStart(blocks: number, starts = 1): number {
  return Math.ceil(blocks / starts);
}

/** Seconds that speed checks and the window of the core's speed take beside a block. */
const besideBlockS = 0.8;
/** Blocks beyond those asked for, after which blocks on a slow core that can be corrected are enough: a slow spell may last for minutes. */
export const moreBlocks = 2;
/** Seconds that a stage in blocks waits in all for slow spells of the machine to pass; the shorter time where its blocks can be corrected. */
export const patienceS = { corrected: 2, uncorrected: 10 };

/** Seconds of so many clean blocks: when none is disturbed, and at the most. */
export function blocksS(
  clean: number,
  durationS: number,
  starts?: number,
): { readonly usual: number; readonly most: number } {
  const blockS = leadS + durationS + besideBlockS;
  const restarts = (visits: number) => Math.ceil(visits / blocksPerStart(clean, starts)) - 1;
  const allS = (visits: number) => visits * blockS + restarts(visits) * (restartS + freshLeadS.shared);
  return { usual: allS(clean), most: allS(mostBlocks(clean)) + patienceS.uncorrected };
}

export const loadStage = {
  /** A warm-up is sent and recorded, and judged by nothing. */
  warmUp: z.boolean().default(false),
  /** Seconds at the begin to leave out of latency and throughput; without it, MSER-5 decides where there are 30 s or more. */
  cutS: z.number().nonnegative().exactOptional(),
  /** The command of --during runs in this stage, which ends with it and lasts `durationS` at the most. */
  during: z.boolean().exactOptional(),
  /** From here on the emulated instance (--instances) has no CPU credits: what can it do at its credit baseline? */
  credits: z.literal('empty').exactOptional(),
  /** Name of an earlier stage: how long does it take until p99 is back at what it was there? */
  recoverTo: z.string().exactOptional(),
};

/** What the rest of headroom asks of a kind of stage. */
export type StageKind<Stage> = {
  /** What sends its load. */
  readonly engine: (stage: Stage) => 'closed' | 'users' | 'open' | undefined;
  /** The longest that it takes, in seconds. */
  readonly plannedS: (stage: Stage) => number;
  /** What it usually takes, where that is less. */
  readonly usualS?: (stage: Stage) => number;
  /** Requests (on a walk: walks) that it sends in a second at the most; Infinity where the target alone sets the rate. */
  readonly highestPerS: (stage: Stage) => number;
  /** It becomes several stages, with names of their own. */
  readonly becomesMany?: true;
  /** The stage with each arrival rate multiplied; absent where it has none. */
  readonly scaled?: (stage: Stage, times: (ratePerS: number) => number) => Stage;
};
