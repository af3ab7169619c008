// One stage's figures by the names of the threshold language.
import type { Finding } from '../finding.ts';
import { modelFinding } from '../messages.ts';
import type { StageRecord } from './stage-record.ts';
import { countErrors } from './sums.ts';

/** The figure of a load metric in its base unit, or why there is none. */
export function stageFigure(stage: StageRecord, metric: string): number | Finding {
  const { requests, outcomes, latencyUs } = stage;
  const failed = countErrors(outcomes);
  if (metric === 'throughput') return stage.throughputPerS;
  if (metric === 'errors.count') return failed;
  if (metric === 'errors.rate')
    return requests.sent > 0 ? (100 * failed) / requests.sent : modelFinding('no-request-sent');
  if (metric === 'dropped.count') return requests.dropped;
  if (metric === 'dropped.rate')
    return requests.intended > 0 ? (100 * requests.dropped) / requests.intended : modelFinding('no-request-intended');
  if (!metric.startsWith('latency.')) return modelFinding('not-a-load-figure', { metric });
  if (!latencyUs) return modelFinding('no-expected-answer');
  return latencyUs[metric.slice('latency.'.length) as 'p50'];
}
