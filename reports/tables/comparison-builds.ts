// The rows of a comparison about a build on both instance types.
import type { RunComparison } from '../comparison/compare-runs.ts';
import { formatDuration, formatLatency, noData } from '../format/format.ts';
import { type Cell, words } from './table.ts';

type Build = NonNullable<RunComparison['builds']>[number];

const right = (text: string): Cell => ({ text, kind: 'number' });

/** How long a build took, and latency p99 before and beside it; none unless both runs had one. */
export function buildRows(builds: RunComparison['builds']): Cell[][] {
  const [before, after] = builds ?? [];
  if (!before || !after) return [];
  const sides = [before, after];
  const rows = [[words('Build time'), ...sides.map((each) => right(timeOf(each))), differenceOf(before, after)]];
  if (sides.some(({ p99Us }) => p99Us))
    rows.push([words('p99 before and beside a build'), ...sides.map((each) => right(latencyOf(each))), words('')]);
  return rows;
}

function timeOf({ ended, durationS }: Build): string {
  if (ended === 'failed') return 'failed';
  if (ended === 'out-of-memory') return 'too little memory';
  return ended === 'stopped' ? `over ${formatDuration(durationS)}` : formatDuration(durationS);
}

function latencyOf({ p99Us }: Build): string {
  return p99Us ? `${formatLatency(p99Us.from)}, ${formatLatency(p99Us.to)}` : noData;
}

/** One build on each type has no spread. */
function differenceOf(before: Build, after: Build): Cell {
  if (before.ended !== undefined || after.ended !== undefined) return words('');
  const byS = after.durationS - before.durationS;
  const text = `${byS < 0 ? '−' : '+'}${formatDuration(Math.abs(byS))}`;
  return { ...right(text), detail: 'no interval: one build each' };
}
