// Two runs in turn: the rate of the one against that of the other, block against neighbouring block, so that what drifts meets both.
import { type Block, countedBlocks, medianOf } from '../../model/block.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { sharedCore, widenForSharing } from '../measured/shared-core.ts';
import { correction, isCorrected, widening } from '../measured/stage-rate.ts';
import { wholeVcpuFactor } from '../measured/whole-vcpus.ts';
import type { Estimate } from '../series/regression.ts';

/** Further apart, blocks are not of one visit each. */
const farthestMs = 15_000;

/**
 * The median of the candidate's rate divided by the baseline's, over pairs of blocks that count, next to each other, with its interval as
 * `medianOf` gives it. Undefined without blocks that lie beside each other.
 */
export function ratioOfNeighbours(
  baseline: RunRecord,
  candidate: RunRecord,
  role: StageRecord['role'],
): Estimate | undefined {
  const [before, after] = [baseline, candidate].map((run) => ratesOf(run, role)) as [Rate[], Rate[]];
  const ratios = after.flatMap(({ atMs, perS }) => {
    const nearest = before.toSorted((a, b) => Math.abs(a.atMs - atMs) - Math.abs(b.atMs - atMs))[0];
    const isBeside = nearest !== undefined && nearest.perS > 0 && Math.abs(nearest.atMs - atMs) <= farthestMs;
    return isBeside ? [perS / nearest.perS] : [];
  });
  const found = medianOf(ratios);
  if (!found) return undefined;
  const { value, low, high } = widenByBoth(baseline, candidate, found);
  const [of, to] = [baseline, candidate].map((run) => blocksOf(run, role)) as [readonly Block[], readonly Block[]];
  // What is not known of the correction is alike on both sides, and stays where one side alone has it.
  if (isCorrected(of) === isCorrected(to)) return { value, low, high };
  const [widerBefore, widerAfter] = [widening(baseline, of), widening(candidate, to)];
  return { value, low: (low * widerAfter.low) / widerBefore.high, high: (high * widerAfter.high) / widerBefore.low };
}

/** What is not known of the cost of a shared core is alike on both sides where both shared one. */
function widenByBoth(baseline: RunRecord, candidate: RunRecord, ratio: Estimate): Estimate {
  if (sharedCore(baseline).value === sharedCore(candidate).value) return ratio;
  return widenForSharing(baseline, widenForSharing(candidate, ratio, 1), -1);
}

type Rate = { readonly atMs: number; readonly perS: number };

function ratesOf(run: RunRecord, role: StageRecord['role']): Rate[] {
  const stage = stageInBlocks(run, role);
  if (!stage) return [];
  const factor = wholeVcpuFactor(run, stage, stage.throughputPerS);
  const blocks = blocksOf(run, role);
  return countedBlocks(blocks).map((block) => ({
    atMs: Date.parse(block.startedAt),
    perS: factor * block.throughputPerS * correction(run, block),
  }));
}

function blocksOf(run: RunRecord, role: StageRecord['role']): readonly Block[] {
  return stageInBlocks(run, role)?.blocks ?? [];
}

function stageInBlocks({ stages }: RunRecord, role: StageRecord['role']): StageRecord | undefined {
  return stages.findLast((each) => each.role === role && each.blocks !== undefined);
}
