// The capacity search on a real target: probes are short open stages.
import type { CapacityStage } from '../model/profile.ts';
import type { RunRecord, StageRecord } from '../model/run-record.ts';
import type { LoadLine } from '../model/second.ts';
import { stageFigure } from '../model/stage-figure.ts';
import { evaluateThreshold, parseThreshold } from '../model/threshold.ts';
import { type CapacityResult, searchCapacity } from './capacity.ts';
import { seededRandom } from './random.ts';
import type { StageResult } from './run-stage.ts';

type Capacity = NonNullable<RunRecord['capacity']>;

/** Pause between probes, before anybody asks whether the host is calm. */
const restMs = 150;
/**
 * In its second half a probe must answer what it is offered; what is missing is a queue that grows. One request more may be on its
 * way at the end than at the begin, and this share is left to the jitter of the machine: a queue that grows more slowly is not seen.
 */
const unseenShare = 0.003;
const unseenRequests = 1;
/** So much missing is no mishap. */
const clearShare = 0.1;

/**
 * Searches with `runProbe`, which sends one rate and gives the stage, or undefined when the run is over. The SLO is judged on each
 * probe by itself, and a probe must also keep up: with a short probe, a queue that has only begun to grow may still meet the SLO.
 */
export async function runCapacity(options: {
  readonly stage: CapacityStage;
  readonly seed: number;
  readonly runProbe: (arrivalRatePerS: number) => Promise<(StageResult & { readonly number: number }) | undefined>;
  readonly calm: () => Promise<void>;
}): Promise<{ readonly capacity: Capacity } | { readonly missing: string }> {
  const { stage } = options;
  const slo = stage.slo.map(parseThreshold);
  const random = seededRandom(options.seed);
  const evidence: Capacity['probes'] = [];
  const result: CapacityResult = await searchCapacity({
    from: stage.from,
    to: stage.to,
    rounds: stage.rounds,
    random: () => random() / 2 ** 32,
    rest: async () => {
      await new Promise((resolve) => setTimeout(resolve, restMs));
      await options.calm();
    },
    probe: async (arrivalRatePerS) => {
      const probe = await options.runProbe(arrivalRatePerS);
      if (!probe) return undefined;
      const failed = slo
        .map((threshold) => evaluateThreshold(threshold, (metric) => stageFigure(probe.record, metric)))
        .filter((each) => each.verdict !== 'pass')
        .map((each) => each.expression);
      const missing = missingShare(probe.record, probe.seconds);
      const reasons = [...failed.map((expression) => `not ${expression}`), ...fellBehind(missing, probe.record)];
      const holds = reasons.length === 0;
      evidence.push({ arrivalRatePerS, holds, stage: probe.number, why: reasons.join('; ') });
      return { holds, clear: missing > clearShare };
    },
  });
  if (!result.found) return { missing: result.reason };
  const { arrivalRatePerS, low, high } = result.capacity;
  return {
    capacity: {
      // The true edge lies between what the probes saw and what they could not see.
      arrivalRatePerS: arrivalRatePerS * (1 - unseenShare / 2),
      low: low * (1 - unseenShare - unseenRequests / (low * stage.durationS)),
      high,
      slo: slo.map((threshold) => threshold.expression),
      probes: evidence,
    },
  };
}

/** The share of the arrivals of its second half that a probe did not answer in that time; dropped ones are missing too. */
function missingShare({ requests }: StageRecord, seconds: readonly LoadLine[]): number {
  const begins = seconds.map((line) => Date.parse(line.at));
  const middle = (Math.min(...begins) + Math.max(...begins)) / 2;
  const half = seconds.filter((line) => line.durationS > 0 && Date.parse(line.at) >= middle);
  const offered = half.reduce((sum, line) => sum + (line.intended ?? 0), 0);
  const answered = half.reduce((sum, line) => sum + line.outcomes.ok + line.outcomes.unexpectedStatus, 0);
  if (offered === 0) return 0;
  return Math.max((offered - answered - unseenRequests) / offered, requests.dropped / requests.intended);
}

/** Why the probe did not keep up with its own arrivals, if it did not. */
function fellBehind(missing: number, { requests }: StageRecord): string[] {
  if (requests.dropped > 0) return [`${requests.dropped} requests were dropped`];
  return missing > unseenShare
    ? [
        `a queue grew: ${(100 * missing).toFixed(1)} % of the arrivals of its second half were not answered in that time`,
      ]
    : [];
}
