// Where throughput stopped rising and the bottleneck there, or why no such point was found.
import type { Finding } from '../../model/finding.ts';
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { withoutHistogram } from '../measured/measured.ts';
import { stageRate } from '../measured/stage-rate.ts';
import { findTargetDeath } from '../measured/target-death.ts';
import type { Saturation } from '../schema/judged.ts';
import { found } from '../schema/verdict-findings.ts';
import { findLimit } from './bottleneck.ts';

/** The measured stage with the highest throughput, of those in blocks if there are any; undefined when none has any. */
export function highestThroughput(stages: readonly StageRecord[]): StageRecord | undefined {
  const measured = stages.filter((stage) => stage.role === 'measured' && stage.throughputPerS > 0);
  const inBlocks = measured.filter(({ blocks }) => blocks !== undefined);
  return (inBlocks.length > 0 ? inBlocks : measured).reduce<StageRecord | undefined>(
    (best, stage) => (!best || stage.throughputPerS > best.throughputPerS ? stage : best),
    undefined,
  );
}

/** Throughput, connections, latency and limit of the stage that the run found; undefined when it found none. */
export function judgeSaturation(run: RunRecord, observed: Observed | undefined): Saturation | undefined {
  const point = run.saturation;
  if (!point || findTargetDeath(run) !== undefined) return undefined;
  // Names need not be unique; of several ladders the last one counts.
  const knee = run.stages.findLast(
    ({ role, name, connections }) => role === 'measured' && name === point.stage && connections === point.connections,
  );
  const best = highestThroughput(run.stages.filter(({ kind }) => kind === 'closed'));
  if (!knee || !best) return undefined;
  const latencyUs = withoutHistogram(knee.latencyUs);
  // The knee is the smallest load within a few percent of the best: the bottleneck may show only at the best itself.
  const limitAt = (stage: StageRecord) => findLimit(run, observed, run.stages.indexOf(stage));
  const own = limitAt(knee);
  const atBest = limitAt(best);
  const limit = own.limitedBy === 'unknown' && atBest.limitedBy !== 'unknown' ? atBest : own;
  return {
    ...point,
    // Runs of earlier versions have the highest throughput here, which is that of another number of connections.
    ...ratesOf(run, knee),
    ...(latencyUs && { latencyUs }),
    ...(best !== knee &&
      best.connections !== undefined && {
        highest: { throughputPerS: best.throughputPerS, connections: best.connections },
      }),
    ...limit,
  };
}

/** Of whole vCPUs, with the interval of the clean blocks. */
function ratesOf(run: RunRecord, stage: StageRecord) {
  const { perS, blocks } = stageRate(run, stage);
  return {
    throughputPerS: perS,
    ...(blocks && { low: blocks.low, high: blocks.high, blocks: blocks.count }),
    ...(perS !== stage.throughputPerS && { stagePerS: stage.throughputPerS }),
  };
}

/** Why there is none. */
export function findNoSaturation(run: RunRecord): Finding {
  if (!run.profile.stages.some((stage) => stage.kind === 'ladder')) return found('no-ladder', {});
  if (findTargetDeath(run) !== undefined) return found('died-before-saturation', {});
  return run.status === 'complete' ? found('throughput-still-rose', {}) : found('ended-before-saturation', {});
}
