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
const restMs = 250;
/** Below this share of what was offered in its second half, a probe has not held its rate: a queue grows somewhere. */
const heldShare = 0.99;

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
      const reasons = [...failed.map((expression) => `not ${expression}`), ...fellBehind(probe.record, probe.seconds)];
      const why = reasons.join('; ');
      evidence.push({ arrivalRatePerS, holds: reasons.length === 0, stage: probe.number, why });
      return { holds: reasons.length === 0 };
    },
  });
  if (!result.found) return { missing: result.reason };
  return { capacity: { ...result.capacity, slo: slo.map((threshold) => threshold.expression), probes: evidence } };
}

/** Why the probe did not keep up with its own arrivals, if it did not. */
function fellBehind({ requests }: StageRecord, seconds: readonly LoadLine[]): string[] {
  if (requests.dropped > 0) return [`${requests.dropped} requests were dropped`];
  const begins = seconds.map((line) => Date.parse(line.at));
  const middle = (Math.min(...begins) + Math.max(...begins)) / 2;
  const half = seconds.filter((line) => line.durationS > 0 && Date.parse(line.at) >= middle);
  const offered = half.reduce((sum, line) => sum + (line.intended ?? 0), 0);
  const answered = half.reduce((sum, line) => sum + line.outcomes.ok + line.outcomes.unexpectedStatus, 0);
  if (answered >= offered * heldShare) return [];
  return [
    `${((100 * answered) / Math.max(1, offered)).toFixed(1)} % of the arrivals of its second half were answered in that time`,
  ];
}
