// The CPU of an instance over time, without the time in which it had no load because another one had its turn.
import { median } from 'd3-array';
import { type Block, type BlockTarget, instanceUsePercent } from '../../model/block.ts';
import { type Sample, type Series, thin } from './series.ts';

type Placed = {
  readonly target: BlockTarget | undefined;
  /** On the run's time axis. */
  readonly stages: readonly PlacedStage[];
};
type PlacedStage = {
  readonly role: string;
  readonly startedAt: string;
  readonly fromS: number;
  readonly toS: number;
  readonly blocks?: readonly Block[] | undefined;
};
/** Samples that are usually further apart are no samples of seconds; `most` is how many are drawn. */
type Drawn = { readonly gapS: number; readonly most: number };

/**
 * In percent of what the type has. Of a run in blocks only its own turns: each block as what it used, which is exact where a sample of a
 * second reaches beyond it, and between them nothing. CloudWatch's figures come minutes apart: no gap between two means that they were
 * lost, and each covers more than one turn.
 */
export function instanceSeries(samples: readonly Sample[], { target, stages }: Placed, { gapS, most }: Drawn): Series {
  const apartS = median(samples.slice(1), ([atS], index) => atS - (samples[index]?.[0] ?? 0)) ?? 0;
  if (apartS > gapS || !stages.some(({ blocks }) => blocks)) return thin(samples.length > 0 ? [samples] : [], most);
  const own = stages.flatMap((stage): Series => {
    const drawn = stage.blocks?.flatMap((block) => drawBlock(block, stage, target));
    if (drawn) return drawn;
    const within = samples.filter(([atS]) => atS >= stage.fromS && atS <= stage.toS);
    // Nothing else has a turn within a stage: a sample that is late on a busy core leaves no gap.
    return within.length > 0 ? [within] : [];
  });
  return thin(own, most);
}

function drawBlock(block: Block, stage: PlacedStage, target: BlockTarget = {}): Series {
  const percent = instanceUsePercent(block, target, stage.role);
  if (percent === undefined) return [];
  const fromS = stage.fromS + (Date.parse(block.startedAt) - Date.parse(stage.startedAt)) / 1000;
  return [
    [
      [fromS, percent],
      [fromS + block.durationS, percent],
    ],
  ];
}
