// All measured stages together, and the figures that thresholds are judged by.
import type { Finding } from '../../model/finding.ts';
import type { LatencySummary } from '../../model/latency/histogram.ts';
import type { Latency } from '../../model/latency/latency-schema.ts';
import { modelFinding } from '../../model/messages.ts';
import type { Observed } from '../../model/observed.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { mergeLatency } from '../../model/stage/stage-result.ts';
import { countErrors, sumOutcomes } from '../../model/stage/sums.ts';
import type { Lookup } from '../../model/threshold.ts';
import type { Measured } from '../schema/judged.ts';

/**
 * All measured stages as if they were one. A stage in which the run was aborted (the target died) is left out: its load was not constant,
 * and its errors show that the target is gone, not how it performs. A stage that an autostop rule ended is kept: the rule is about how the
 * target performed. Throughput is the mean of the stages, weighted by their seconds after the warm-up; responses after the end of a stage
 * are not in it.
 */
export function measure(run: RunRecord): Measured {
  const cut = run.stages.filter((stage) => isLeftOut(run, stage));
  const stages = run.stages.filter((stage) => stage.role === 'measured' && !cut.includes(stage));
  const outcomes = sumOutcomes(stages.map((stage) => stage.outcomes));
  const total = (of: (stage: StageRecord) => number) => stages.reduce((sum, stage) => sum + of(stage), 0);
  const durationS = total((stage) => stage.durationS);
  const keptS = total(keptSeconds);
  const late = total(({ requests: { late: each = 0 } }) => each);
  const repeated = total(({ requests: { repeated: each = 0 } }) => each);
  const requests = {
    intended: total((stage) => stage.requests.intended),
    sent: total((stage) => stage.requests.sent),
    completed: total((stage) => stage.requests.completed),
    dropped: total((stage) => stage.requests.dropped),
    open: total((stage) => stage.requests.open),
    ...(late > 0 && { late }),
    ...(repeated > 0 && { repeated }),
  };
  const latencyUs = withoutHistogram(mergeLatency(stages));
  const errorRate = errorRatePercent(requests.sent, outcomes);
  return {
    stages: stages.length,
    leftOut: cut.map((stage) => stage.name),
    durationS,
    requests,
    outcomes,
    ...(errorRate !== undefined && { errorRatePercent: errorRate }),
    ...(requests.intended > 0 && { droppedRatePercent: (100 * requests.dropped) / requests.intended }),
    ...(keptS > 0 && { throughputPerS: total((stage) => stage.throughputPerS * keptSeconds(stage)) / keptS }),
    ...(latencyUs && { latencyUs }),
  };
}

/** Whether the run was aborted in this measured stage, so that the stage does not count. */
export function isLeftOut({ status }: RunRecord, { role, aborted }: StageRecord): boolean {
  return role === 'measured' && status === 'aborted' && aborted !== undefined && aborted.code !== 'autostop';
}

function keptSeconds({ durationS, steady }: StageRecord): number {
  return Math.max(0, durationS - (steady?.cutS ?? 0));
}

/** Percent of the requests tried that did not end with an expected status; undefined when none has ended. */
export function errorRatePercent(sent: number, outcomes: StageRecord['outcomes']): number | undefined {
  const errors = countErrors(outcomes);
  return outcomes.ok + errors > 0 ? (100 * errors) / triedRequests(sent, outcomes) : undefined;
}

/** The larger of requests sent and requests ended: a refused connection is an error without a request sent. */
export function triedRequests(sent: number, outcomes: StageRecord['outcomes']): number {
  return Math.max(sent, outcomes.ok + countErrors(outcomes));
}

/** The percentiles without the encoded histogram that they come from. */
export function withoutHistogram(latency: Latency | undefined): LatencySummary | undefined {
  if (!latency) return undefined;
  const { histogram: _, ...summary } = latency;
  return summary;
}

/** Looks up the figures of the threshold language; a finding says why there is none. */
export function lookupIn(measured: Measured, observed: Observed | undefined): Lookup {
  const { latencyUs, outcomes } = measured;
  const cut = measured.stages === 0 && measured.leftOut.length > 0 ? modelFinding('only-stage-aborted') : undefined;
  const latency = (of: (summary: LatencySummary) => number) =>
    latencyUs ? of(latencyUs) : (cut ?? modelFinding('no-expected-answer'));
  const noneEnded =
    cut ?? (measured.requests.sent > 0 ? modelFinding('no-request-ended') : modelFinding('no-request-sent'));
  const noneIntended = cut ?? modelFinding('no-request-intended');
  const load: Readonly<Record<string, number | Finding>> = {
    'latency.p50': latency((each) => each.p50),
    'latency.p90': latency((each) => each.p90),
    'latency.p95': latency((each) => each.p95),
    'latency.p99': latency((each) => each.p99),
    'latency.p999': latency((each) => each.p999),
    'latency.max': latency((each) => each.max),
    'latency.mean': latency((each) => each.mean),
    'errors.rate': measured.errorRatePercent ?? noneEnded,
    'errors.count': measured.errorRatePercent === undefined ? noneEnded : countErrors(outcomes),
    'dropped.rate': measured.droppedRatePercent ?? noneIntended,
    'dropped.count': measured.requests.intended > 0 ? measured.requests.dropped : noneIntended,
    throughput: measured.throughputPerS ?? cut ?? modelFinding('no-load'),
  };
  return (metric, aggregation) => {
    if (!aggregation) return load[metric] ?? modelFinding('not-a-load-figure', { metric });
    if (!observed) return modelFinding('host-not-observed');
    return observed.measured[metric]?.[aggregation] ?? modelFinding('no-host-sample', { metric });
  };
}
