// Whether a probe, one open stage at one rate, met the SLO and kept up with its arrivals.
import type { Finding } from '../../model/finding.ts';
import type { LoadLine } from '../../model/second.ts';
import { stageFigure } from '../../model/stage/stage-figure.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { errorShare, mostErrors } from '../../model/stage/sums.ts';
import { evaluateThreshold, type Threshold } from '../../model/threshold.ts';
import { loadFinding } from '../messages.ts';

/**
 * What is in flight must not grow from the first half of a probe to its second: that is a queue. This share of the arrivals, and this
 * many requests a second, are left to the jitter of the machine: a queue that grows more slowly is not seen.
 */
export const unseenShare = 0.003;
export const unseenPerS = 0.5;

/** Why a probe did not hold, empty when it did, and the share of its arrivals that it could not answer. */
export function judgeProbe(
  { record, seconds }: { readonly record: StageRecord; readonly seconds: readonly LoadLine[] },
  slo: readonly Threshold[],
  most: { readonly queued: number; readonly dropped: number } = { queued: unseenShare, dropped: 0 },
): { readonly reasons: Finding[]; readonly missing: number } {
  const missing = missingShare(record, seconds);
  const { dropped, intended } = record.requests;
  const missed = slo
    .map((threshold) => evaluateThreshold(threshold, (metric) => stageFigure(record, metric)))
    .filter(({ verdict }) => verdict !== 'pass')
    .map(({ expression }) => loadFinding('slo-missed', { expression }));
  // Errors are in no latency, so without a rule on them an SLO would hold where most requests fail.
  const share = errorShare(record.outcomes);
  const failed = share > mostErrors ? [loadFinding('requests-failed', { percent: 100 * share })] : [];
  const behind =
    dropped > most.dropped * intended
      ? [loadFinding('requests-dropped', { dropped })]
      : missing > most.queued
        ? [loadFinding('queue-grew', { percent: 100 * missing })]
        : [];
  return { reasons: [...missed, ...failed, ...behind], missing };
}

/**
 * The share of its arrivals that a probe could not answer: what joined a queue, or was dropped. Means over halves separate a
 * growing queue from a pause of the machine; counts at one instant do not.
 */
export function missingShare({ requests, durationS, latencyUs }: StageRecord, seconds: readonly LoadLine[]): number {
  const inFlight = (half: readonly LoadLine[]): number =>
    half.reduce((sum, line) => sum + (line.inFlightS ?? 0), 0) / lastedS(half);
  const { first, second, generators } = halvesOf(seconds);
  if (first.length === 0 || second.length === 0 || requests.intended === 0) return 0;
  const ratePerS = requests.intended / durationS;
  const growing =
    (inFlight(second) - inFlight(first)) * generators -
    ratePerS * untilAnsweredS(latencyUs, lastedS(first) / generators);
  // The middles of the halves are half the probe apart.
  const growth = Math.max(0, growing / (durationS / 2) - unseenPerS) / ratePerS;
  return Math.max(growth, requests.dropped / requests.intended);
}

/** The median response came later than the first half ended: what is in flight grew because nothing was answered yet. */
export function isShorterThanAnswers({ latencyUs }: StageRecord, seconds: readonly LoadLine[]): boolean {
  const { first, generators } = halvesOf(seconds);
  return (latencyUs?.p50 ?? 0) / 1e6 >= lastedS(first) / generators;
}

function halvesOf(seconds: readonly LoadLine[]) {
  const full = seconds.filter((line) => line.durationS > 0);
  const middleOf = (line: LoadLine): number => Date.parse(line.at) + line.durationS * 500;
  const middles = full.map(middleOf);
  const middle = (Math.min(...middles) + Math.max(...middles)) / 2;
  return {
    first: full.filter((line) => middleOf(line) < middle),
    second: full.filter((line) => middleOf(line) >= middle),
    generators: new Set(full.map((line) => line.generator)).size,
  };
}

function lastedS(half: readonly LoadLine[]): number {
  return half.reduce((sum, line) => sum + line.durationS, 0);
}

/** Until the first responses come, what is in flight grows without a queue: over the first part its mean is lower by the arrivals of so many seconds. */
function untilAnsweredS(latencyUs: StageRecord['latencyUs'], firstS: number): number {
  const untilS = Math.min(firstS, (latencyUs?.p50 ?? 0) / 1e6);
  return untilS ** 2 / 2 / firstS;
}
