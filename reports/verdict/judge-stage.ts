// One stage as a report shows it.
import { present } from '../../model/present.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { errorRatePercent as findErrorRate, withoutHistogram } from '../measured/measured.ts';
import type { Busiest } from '../schema/judged.ts';
import type { JudgedStage } from '../schema/judged-stage.ts';

/** A stage's record without histograms, with its error rate and its host metrics. */
export function judgeStage(stage: StageRecord, host: JudgedStage['host']): JudgedStage {
  const errorRatePercent = findErrorRate(stage.requests.sent, stage.outcomes);
  const latencyUs = withoutHistogram(stage.latencyUs);
  const rawLatencyUs = withoutHistogram(stage.rawLatencyUs);
  const scheduleLagUs = withoutHistogram(stage.scheduleLagUs);
  const { name, role, connections, arrivalRatePerS, arrivals, maxConnections, durationS, requests, outcomes } = stage;
  const { statusCounts, bytes, inFlightMean, steady, aborted } = stage;
  const throughputPerS = stage.kind !== 'idle' && durationS > 0 ? stage.throughputPerS : undefined;
  return {
    ...present({ name, role, connections, arrivalRatePerS, arrivals, maxConnections, durationS, requests, outcomes }),
    ...present({ statusCounts, bytes, throughputPerS, errorRatePercent, latencyUs, rawLatencyUs, scheduleLagUs }),
    ...present({ inFlightMean, steady, aborted }),
    host,
  };
}

/** Throughput counts every response: with more errors it is no rate that the target serves. */
const fewErrorsPercent = 1;

/** Throughput, connections and latency of a stage with load, and its share of errors where they are more than a few. */
export function describeBusiest(stage: StageRecord): Busiest {
  const { name, throughputPerS, connections, requests, outcomes } = stage;
  const percent = findErrorRate(requests.sent, outcomes) ?? 0;
  const errors = percent > fewErrorsPercent ? { errorRatePercent: percent } : {};
  return present({ stage: name, throughputPerS, connections, latencyUs: withoutHistogram(stage.latencyUs), ...errors });
}
