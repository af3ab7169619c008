// Where throughput stops rising with load.
import type { StageRecord } from '../../model/stage/stage-record.ts';

/** Rungs in a row without a gain that mean saturation: a single one may be noise. */
const flatToTell = 2;
/** That end a ladder: a first rung that came out high is not the best of all when the next two are no better. */
const flatToStop = 3;

/** Whether to climb no further: the last rungs gained less than `minGain` over the best before them. */
export function isFlat(rungs: readonly StageRecord[], minGain: number): boolean {
  return gainedLess(rungs, minGain, flatToStop);
}

function gainedLess(rungs: readonly StageRecord[], minGain: number, flatRungs: number): boolean {
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
  if (!gainedLess(rungs, minGain, flatToTell)) return undefined;
  const best = Math.max(...rungs.map((rung) => rung.throughputPerS));
  const knee = rungs.find((rung) => rung.throughputPerS * (1 + minGain) >= best);
  if (!knee || best <= 0) return undefined;
  return { throughputPerS: knee.throughputPerS, connections: knee.connections ?? 0, stage: knee.name };
}

/** Connections that keep a server busy while each of them is answered and sends again. */
const fullConnections = 8;
/** Of the best rung: nearer than this, rungs of two seconds differ by chance. */
const nearlyFull = 0.8;

/** The fewest connections that nearly reach the best rung. */
export function filledWith(rungs: readonly StageRecord[]): number {
  const best = Math.max(...rungs.map((rung) => rung.throughputPerS));
  const filled = rungs.find((rung) => rung.throughputPerS >= best * nearlyFull);
  return Math.max(fullConnections, filled?.connections ?? 0);
}
