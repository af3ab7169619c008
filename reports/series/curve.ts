// Latency by percentile, stage by stage: where a tail begins.
import * as z from 'zod';
import { decodeHistogram } from '../../model/latency/histogram.ts';
import type { Latency } from '../../model/latency/latency-schema.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';

export const curveSchema = z.object({
  stage: z.string(),
  connections: z.number().exactOptional(),
  /** Percentile (0 to 100) and latency in microseconds; only percentiles that the number of samples supports. */
  points: z.array(z.tuple([z.number(), z.number()])),
  /** Of an open stage, the same from the actual send. */
  rawPoints: z.array(z.tuple([z.number(), z.number()])).exactOptional(),
});
export type Curve = z.infer<typeof curveSchema>;

/** Nine lines can still be distinguished. */
const mostCurves = 9;
const percentiles = [1, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.9, 99.95, 99.99];

/** The curves of the measured stages, evenly chosen when there are more than nine, the first and the last among them. */
export function makeCurves(run: RunRecord): Curve[] {
  const stages = run.stages.filter((stage) => stage.role === 'measured' && stage.latencyUs);
  const step = (stages.length - 1) / (mostCurves - 1);
  const chosen =
    stages.length <= mostCurves
      ? stages
      : Array.from({ length: mostCurves }, (_, index) => stages[Math.round(index * step)] as StageRecord);
  return chosen.flatMap((stage) => (stage.latencyUs ? [makeCurve(stage, stage.latencyUs)] : []));
}

function makeCurve(stage: StageRecord, latency: Latency): Curve {
  return {
    stage: stage.name,
    ...(stage.connections !== undefined && { connections: stage.connections }),
    points: pointsOf(latency),
    ...(stage.rawLatencyUs && { rawPoints: pointsOf(stage.rawLatencyUs) }),
  };
}

function pointsOf(latency: Latency): Curve['points'] {
  const histogram = decodeHistogram(latency.histogram);
  return percentiles
    .filter((percentile) => percentile <= 50 || latency.count * (1 - percentile / 100) >= 1)
    .map((percentile) => [percentile, histogram.getValueAtPercentile(percentile)]);
}
