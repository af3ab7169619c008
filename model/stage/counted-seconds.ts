// Which seconds of a stage count.
import { type Block, countedBlocks } from '../block.ts';
import { mergeHistograms } from '../latency/histogram.ts';
import type { LoadLine, StageLine } from '../second.ts';
import { fixedCut, type SteadyState, shortestToSettleS, steadyState } from './steady.ts';
import { sum } from './sums.ts';

/** As profiles allow. */
const longestStageS = 7 * 86_400;

/**
 * Where the warm-up ends: where the profile says, or by MSER-5 on latency (open) or throughput (closed) second by second. A ramp has no
 * level to settle at, so none is searched for.
 */
export function warmUpOf(begin: StageLine, seconds: readonly LoadLine[]): SteadyState | undefined {
  if (begin.cutS !== undefined) return fixedCut(begin.cutS);
  if (begin.arrivalRatePerS && begin.arrivalRatePerS.from !== begin.arrivalRatePerS.to) return undefined;
  const bySecond = new Map<number, LoadLine[]>();
  const first = firstSecond(seconds);
  for (const line of seconds) {
    // A piece of a second at the end is no second.
    if (line.durationS < 0.5) continue;
    const second = Math.round((Date.parse(line.at) - first) / 1000);
    const known = bySecond.get(second);
    if (known) known.push(line);
    else bySecond.set(second, [line]);
  }
  if (bySecond.size === 0) return undefined;
  const lastSecond = [...bySecond.keys()].reduce((most, second) => Math.max(most, second));
  // A clock that was set in between says nothing of the seconds.
  if (lastSecond > longestStageS) return undefined;
  const inOrder = Array.from({ length: lastSecond + 1 }, (_, second) => bySecond.get(second) ?? []);
  if (inOrder.length < shortestToSettleS) return steadyState(inOrder.map(() => 0));
  const rate = (lines: readonly LoadLine[]) =>
    lines.length === 0 ? undefined : sum(lines.map(({ outcomes }) => outcomes.ok + outcomes.unexpectedStatus));
  const latencyMean = (lines: readonly LoadLine[]) => {
    const recorded = lines.map((line) => line.latencyUs).filter((each) => each !== undefined);
    return recorded.length === 0 ? undefined : mergeHistograms(recorded).mean;
  };
  return steadyState(inOrder.map((lines) => (begin.stageKind === 'open' ? latencyMean(lines) : rate(lines))));
}

/** What was answered after the warm-up. */
export function afterCut(seconds: readonly LoadLine[], cutS: number): LoadLine[] {
  // A second belongs to what it mostly lies in.
  const from = firstSecond(seconds) + (cutS - 0.5) * 1000;
  return seconds.filter((line) => Date.parse(line.at) >= from);
}

/** The seconds that lie in blocks that count; all of them where none does. */
export function inCountedBlocks(seconds: readonly LoadLine[], blocks: readonly Block[]): readonly LoadLine[] {
  const counted = countedBlocks(blocks).map(({ startedAt, durationS }) => {
    const from = Date.parse(startedAt);
    return { from, to: from + durationS * 1000 };
  });
  if (counted.length === 0) return seconds;
  return seconds.filter(({ at }) => counted.some(({ from, to }) => Date.parse(at) >= from && Date.parse(at) < to));
}

/** When the load began, in ms since 1970: an open stage begins a little after its line. */
function firstSecond(seconds: readonly LoadLine[]): number {
  return seconds.reduce((first, line) => Math.min(first, Date.parse(line.at)), Number.POSITIVE_INFINITY);
}
