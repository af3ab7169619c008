// The CPU of an instance over time, without the time in which it had no load because another one had its turn.
import { median } from 'd3-array';
import type { Block } from '../../model/block.ts';
import { type Sample, type Series, splitAtGaps, thin } from './series.ts';

/** A stage on the run's time axis. */
type Placed = { readonly startedAt: string; readonly fromS: number; readonly toS: number } & {
  readonly blocks?: readonly Block[] | undefined;
};
/** Samples further apart are not joined by a line; `most` is how many are drawn. */
type Drawn = { readonly gapS: number; readonly most: number };

/**
 * In percent of what the type has. Of a run in blocks only the samples of its own turns, each by the middle of its interval. CloudWatch's
 * figures come minutes apart: no gap between two means that they were lost, and each covers more than one turn.
 */
export function instanceSeries(samples: readonly Sample[], stages: readonly Placed[], { gapS, most }: Drawn): Series {
  const apartS = median(samples.slice(1), ([atS], index) => atS - (samples[index]?.[0] ?? 0)) ?? 0;
  if (apartS > gapS || !stages.some(({ blocks }) => blocks)) return thin(samples.length > 0 ? [samples] : [], most);
  const turns = stages.flatMap(turnsOf);
  const own = samples.filter(([atS]) => turns.some(([fromS, toS]) => atS >= fromS && atS <= toS));
  return thin(
    splitAtGaps(own, ([atS]) => atS, gapS),
    most,
  );
}

function turnsOf({ startedAt, fromS, toS, blocks }: Placed): (readonly [number, number])[] {
  if (!blocks) return [[fromS, toS]];
  return blocks.map((block) => {
    const beginS = fromS + (Date.parse(block.startedAt) - Date.parse(startedAt)) / 1000;
    return [beginS, beginS + block.durationS] as const;
  });
}
