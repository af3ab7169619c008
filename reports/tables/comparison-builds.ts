// The rows of a comparison about a build on both instance types.
import type { RunComparison } from '../comparison/compare-runs.ts';
import { formatDuration, formatLatency, noData } from '../format/format.ts';
import { type Cell, words } from './table.ts';

type Build = NonNullable<RunComparison['builds']>[number];

const right = (text: string): Cell => ({ text, kind: 'number' });

/** How long a build took, and latency p99 before and beside it; none unless both runs had one. One build has no spread, so no difference either. */
export function buildRows(builds: RunComparison['builds']): Cell[][] {
  const [before, after] = builds ?? [];
  if (!before || !after) return [];
  const sides = [before, after];
  const rows = [[words('Build time'), ...sides.map((each) => right(timeOf(each))), words('')]];
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
