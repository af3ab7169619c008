// One stage as a report shows it.
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { errorRatePercent, withoutHistogram } from '../measured/measured.ts';
import type { Busiest } from '../schema/judged.ts';
import type { JudgedStage } from '../schema/judged-stage.ts';

/** A stage's record without histograms, with its error rate and its host metrics. */
export function judgeStage(stage: StageRecord, host: JudgedStage['host']): JudgedStage {
  const errorRate = errorRatePercent(stage.requests.sent, stage.outcomes);
  const latencyUs = withoutHistogram(stage.latencyUs);
  const rawLatencyUs = withoutHistogram(stage.rawLatencyUs);
  const scheduleLagUs = withoutHistogram(stage.scheduleLagUs);
  return {
    name: stage.name,
    role: stage.role,
    ...(stage.connections !== undefined && { connections: stage.connections }),
    ...(stage.arrivalRatePerS && { arrivalRatePerS: stage.arrivalRatePerS }),
    ...(stage.arrivals && { arrivals: stage.arrivals }),
    ...(stage.maxConnections !== undefined && { maxConnections: stage.maxConnections }),
    durationS: stage.durationS,
    requests: stage.requests,
    outcomes: stage.outcomes,
    statusCounts: stage.statusCounts,
    ...(stage.bytes && { bytes: stage.bytes }),
    ...(stage.kind !== 'idle' && stage.durationS > 0 && { throughputPerS: stage.throughputPerS }),
    ...(errorRate !== undefined && { errorRatePercent: errorRate }),
    ...(latencyUs && { latencyUs }),
    ...(rawLatencyUs && { rawLatencyUs }),
    ...(scheduleLagUs && { scheduleLagUs }),
    ...(stage.inFlightMean !== undefined && { inFlightMean: stage.inFlightMean }),
    ...(stage.steady && { steady: stage.steady }),
    ...(stage.aborted !== undefined && { aborted: stage.aborted }),
    host,
  };
}

/** Throughput, connections and latency of a stage with load. */
export function describeBusiest(stage: StageRecord): Busiest {
  const latencyUs = withoutHistogram(stage.latencyUs);
  return {
    stage: stage.name,
    throughputPerS: stage.throughputPerS,
    ...(stage.connections !== undefined && { connections: stage.connections }),
    ...(latencyUs && { latencyUs }),
  };
}
