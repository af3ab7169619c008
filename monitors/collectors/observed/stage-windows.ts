// When each stage of a run was under load, and which stage a sample belongs to.
import type { Block } from '../../../model/block.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import type { HostLine } from '../../../model/second.ts';
import type { Window } from './host-samples.ts';

/**
 * Each stage from its first second of load to its last: an open stage begins before its load and waits for answers after it. A stage
 * without load lasts from its start to its end, or else to the start of the next one or the end of the run, or without an end. A stage in
 * blocks lasts for each of them: between two of them another instance is visited.
 */
export function stageWindows(run: RunRecord, load: ReadonlyMap<number, Window>): Window[][] {
  return run.stages.map(({ startedAt, finishedAt, blocks }, index) => {
    if (blocks) return blocks.map(blockWindow);
    const found = load.get(index) ?? {
      from: Date.parse(startedAt),
      to: Date.parse(finishedAt ?? run.stages[index + 1]?.startedAt ?? run.finishedAt ?? '9999-12-31T00:00:00Z'),
    };
    return [found];
  });
}

function blockWindow({ startedAt, durationS }: Block): Window {
  const from = Date.parse(startedAt);
  return { from, to: from + durationS * 1000 };
}

/** The stage in whose windows at least half of a sample lies. */
export function stageOf(line: HostLine, stages: readonly (readonly Window[])[]): number | undefined {
  const to = Date.parse(line.at);
  const from = to - line.intervalS * 1000;
  const overlap = (window: Window) => Math.min(to, window.to) - Math.max(from, window.from);
  const overlaps = stages.map((windows) => Math.max(...windows.map(overlap)));
  const longest = Math.max(...overlaps);
  return longest >= (to - from) / 2 ? overlaps.indexOf(longest) : undefined;
}
