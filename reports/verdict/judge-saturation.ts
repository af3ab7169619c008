// Where throughput stopped rising, what was at its end there, or why it was not found.
import type { Observed } from '../../model/observed.ts';
import type { RunRecord, StageRecord } from '../../model/run-record.ts';
import { withoutHistogram } from '../measured/measured.ts';
import { findTargetDeath } from '../measured/target-death.ts';
import type { Saturation } from '../schema/judged.ts';
import { findLimit } from './bottleneck.ts';

/** The measured stage with the most answers per second; undefined when none has any. */
export function highestThroughput(stages: readonly StageRecord[]): StageRecord | undefined {
  return stages
    .filter((stage) => stage.role === 'measured' && stage.throughputPerS > 0)
    .reduce<StageRecord | undefined>(
      (best, stage) => (!best || stage.throughputPerS > best.throughputPerS ? stage : best),
      undefined,
    );
}

/** Rate, connections and latency of the one stage that the run found, with what limits it; undefined when it found none. */
export function judgeSaturation(run: RunRecord, observed: Observed | undefined): Saturation | undefined {
  const found = run.saturation;
  if (!found || findTargetDeath(run) !== undefined) return undefined;
  // Names need not be unique; of several ladders the last one tells the saturation.
  const knee = run.stages.findLast(
    ({ role, name, connections }) => role === 'measured' && name === found.stage && connections === found.connections,
  );
  const best = highestThroughput(run.stages.filter(({ kind }) => kind === 'closed'));
  if (!knee || !best) return undefined;
  const latencyUs = withoutHistogram(knee.latencyUs);
  // The knee is the smallest load within a few percent of the best: what is at its end may show only at the best itself.
  const limitAt = (stage: StageRecord) => findLimit(run, observed, run.stages.indexOf(stage));
  const own = limitAt(knee);
  const atBest = limitAt(best);
  const limit = own.limitedBy === 'unknown' && atBest.limitedBy !== 'unknown' ? atBest : own;
  return {
    ...found,
    // Runs of earlier versions have the highest throughput here, which is that of another number of connections.
    throughputPerS: knee.throughputPerS,
    ...(latencyUs && { latencyUs }),
    ...(best !== knee &&
      best.connections !== undefined && {
        highest: { throughputPerS: best.throughputPerS, connections: best.connections },
      }),
    ...limit,
  };
}

/** Why there is none. */
export function describeNoSaturation(run: RunRecord): string {
  if (!run.profile.stages.some((stage) => stage.kind === 'ladder')) {
    return `the profile has no ladder of connections, so the run did not look for it`;
  }
  if (findTargetDeath(run) !== undefined) return 'the target died before it was found';
  return run.status === 'complete' ? 'throughput still rose at the last stage' : 'the run ended before it was found';
}
