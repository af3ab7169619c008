// Where throughput stops rising with load.
import type { StageRecord } from '../model/run-record.ts';

/** Rungs in a row without a gain that end a ladder: one alone may be noise. */
const flatRungs = 2;

/** Whether the last rungs of a ladder gained less than `minGain` over the best before them. */
export function hasSaturated(rungs: readonly StageRecord[], minGain: number): boolean {
  if (rungs.length <= flatRungs) return false;
  const before = Math.max(...rungs.slice(0, -flatRungs).map((rung) => rung.throughputPerS));
  return rungs.slice(-flatRungs).every((rung) => rung.throughputPerS < before * (1 + minGain));
}

/**
 * The smallest load that brings the highest throughput but for `minGain`, and the throughput there: more connections than that only
 * wait. Undefined when throughput was still rising at the last rung, or nothing was answered.
 */
export function findSaturation(
  rungs: readonly StageRecord[],
  minGain: number,
): { throughputPerS: number; connections: number; stage: string } | undefined {
  if (!hasSaturated(rungs, minGain)) return undefined;
  const best = Math.max(...rungs.map((rung) => rung.throughputPerS));
  const knee = rungs.find((rung) => rung.throughputPerS * (1 + minGain) >= best);
  if (!knee || best <= 0) return undefined;
  return { throughputPerS: knee.throughputPerS, connections: knee.connections ?? 0, stage: knee.name };
}
