// How long the load of a stage lasted, and how much was completed a second.
import type { LoadLine, StageEndLine, StageLine } from '../second.ts';
import { sumOutcomes } from './sums.ts';

/** Completions per second of load; generators run side by side, so the longest of them counts. */
export function throughput(begin: StageLine, seconds: readonly LoadLine[]): number {
  const inTime = sumOutcomes(seconds.filter((line) => line.durationS > 0).map((line) => line.outcomes));
  const durationS = begin.stageKind === 'idle' ? 0 : loadDurationS(begin, seconds, []);
  return durationS > 0 ? (inTime.ok + inTime.unexpectedStatus) / durationS : 0;
}

/** Generators run side by side, so the seconds of one of them, the longest, are the stage's. */
export function loadDurationS(begin: StageLine, seconds: readonly LoadLine[], ends: readonly StageEndLine[]): number {
  if (begin.stageKind === 'idle') {
    const finished = ends.map((line) => Date.parse(line.finishedAt));
    return finished.length === 0 ? 0 : (Math.max(...finished) - Date.parse(begin.startedAt)) / 1000;
  }
  const byGenerator = new Map<number, number>();
  for (const line of seconds) byGenerator.set(line.generator, (byGenerator.get(line.generator) ?? 0) + line.durationS);
  return Math.max(0, ...byGenerator.values());
}
