// How long after a spike latency is back at what it was before.
import { mergeHistograms } from '../../model/latency/histogram.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { LoadLine } from '../../model/second.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';

/** Back means: p99 of a second is within this factor of the reference's p99, or within a millisecond of it. */
const factor = 1.25;
const slackUs = 1000;
/** And stays there for so many seconds: one quiet second in a storm is no recovery. */
const calmS = 3;

/**
 * Judges the seconds of `stage` by the p99 of an earlier `reference` stage; undefined when that has none. Time counts from the end of the
 * load of the stage `before`: while what that had left open was being answered, the target had not recovered.
 */
export function findRecovery(
  stage: StageRecord,
  seconds: readonly LoadLine[],
  reference: StageRecord,
  before: { readonly record: StageRecord; readonly seconds: readonly LoadLine[] } | undefined,
): NonNullable<RunRecord['recovery']> | undefined {
  if (!reference.latencyUs) return undefined;
  const limitUs = Math.max(reference.latencyUs.p99 * factor, reference.latencyUs.p99 + slackUs);
  const bySecond = new Map<number, LoadLine[]>();
  const began = seconds.reduce((first, line) => Math.min(first, Date.parse(line.at)), Number.POSITIVE_INFINITY);
  for (const line of seconds) {
    if (line.durationS < 0.5) continue;
    const second = Math.round((Date.parse(line.at) - began) / 1000);
    bySecond.set(second, [...(bySecond.get(second) ?? []), line]);
  }
  const p99s = [...bySecond].sort(([a], [b]) => a - b).map(([, lines]) => p99(lines));
  const found = p99s.findIndex((_, second) => {
    const next = p99s.slice(second, second + calmS);
    return next.length === calmS && next.every((each) => each !== undefined && each <= limitUs);
  });
  const names = { stage: stage.name, reference: reference.name };
  if (found < 0) return { ...names, recovered: false };
  return { ...names, recovered: true, afterS: (before ? drainS(before.record, before.seconds) : 0) + found };
}

/** Whole seconds from the end of a stage's load until nothing of it was open. Stages begin a little after their line, seconds when they do. */
function drainS({ finishedAt, durationS }: StageRecord, seconds: readonly LoadLine[]): number {
  const beganMs = seconds.reduce((first, line) => Math.min(first, Date.parse(line.at)), Number.POSITIVE_INFINITY);
  if (finishedAt === undefined || seconds.length === 0) return 0;
  return Math.max(0, Math.round((Date.parse(finishedAt) - beganMs) / 1000 - durationS));
}

function p99(lines: readonly LoadLine[]): number | undefined {
  const histogram = mergeHistograms(lines.flatMap((line) => (line.latencyUs === undefined ? [] : [line.latencyUs])));
  return histogram.totalCount === 0 ? undefined : histogram.getValueAtPercentile(99);
}
