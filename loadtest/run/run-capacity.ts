// The capacity search on a real target: probes are short open stages.
import type { Finding } from '../../model/finding.ts';
import { seededRandom } from '../../model/random.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { LoadLine } from '../../model/second.ts';
import { stageFigure } from '../../model/stage/stage-figure.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import type { CapacityStage } from '../../model/stage-kinds/capacity.ts';
import { evaluateThreshold, parseThreshold } from '../../model/threshold.ts';
import { loadFinding } from '../messages.ts';
import { type CapacityResult, searchCapacity } from './capacity.ts';
import { lag } from './load-checks.ts';
import type { StageResult } from './run-stage.ts';

type Capacity = NonNullable<RunRecord['capacity']>;

/** Pause between probes, before the host is checked for being at rest. */
const restMs = 150;
/**
 * What is in flight must not grow from the first half of a probe to its second: that is a queue. This share of the arrivals, and this
 * many requests a second, are left to the jitter of the machine: a queue that grows more slowly is not seen.
 */
const unseenShare = 0.003;
const unseenPerS = 0.5;
/** Of one probe, while its generator is late. */
const mostTries = 3;
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
}): Promise<{ readonly capacity: Capacity; readonly late?: Finding } | { readonly missing: Finding }> {
  const { stage } = options;
  const slo = stage.slo.map(parseThreshold);
  const random = seededRandom(options.seed);
  const evidence: Capacity['probes'] = [];
  const rest = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, restMs));
    await options.calm();
  };
  let late: Finding | undefined;
  const result: CapacityResult = await searchCapacity({
    from: stage.from,
    to: stage.to,
    rounds: stage.rounds,
    random: () => random() / 2 ** 32,
    rest,
    probe: async (arrivalRatePerS) => {
      const probe = await onTime(() => options.runProbe(arrivalRatePerS), rest);
      if (!probe) return undefined;
      if ('late' in probe) {
        late = probe.late;
        // Near its limit an app takes the generator's core, where they share the machine: the edge is there, and a lower rate has held.
        if (late.code !== 'generator-delayed' || !evidence.some(({ holds }) => holds)) return undefined;
        evidence.push({ arrivalRatePerS, holds: false, stage: probe.number, reasons: [late] });
        return { holds: false, clear: false };
      }
      const failed = slo
        .map((threshold) => evaluateThreshold(threshold, (metric) => stageFigure(probe.record, metric)))
        .filter((each) => each.verdict !== 'pass')
        .map((each) => each.expression);
      const missing = missingShare(probe.record, probe.seconds);
      const reasons = [
        ...failed.map((expression) => loadFinding('slo-missed', { expression })),
        ...fellBehind(missing, probe.record),
      ];
      const holds = reasons.length === 0;
      evidence.push({ arrivalRatePerS, holds, stage: probe.number, reasons });
      return { holds, clear: missing > clearShare };
    },
  });
  if (!result.found) return { missing: late ?? result.reason };
  const { arrivalRatePerS, low, high } = result.capacity;
  return {
    ...(late && { late }),
    capacity: {
      // The true edge lies between what the probes saw and what they could not see.
      arrivalRatePerS: arrivalRatePerS * (1 - unseenShare / 2),
      low: low * (1 - unseenShare) - unseenPerS,
      high,
      slo: slo.map((threshold) => threshold.expression),
      probes: evidence,
    },
  };
}

/** A probe whose own generator was late says nothing of the target, and is sent again; always late, it says so. */
async function onTime<Probe extends StageResult>(
  send: () => Promise<Probe | undefined>,
  rest: () => Promise<void>,
): Promise<Probe | (Probe & { readonly late: Finding }) | undefined> {
  for (let tries = 1; ; tries++) {
    const probe = await send();
    if (!probe) return undefined;
    const [late] = lag(probe.record, probe.seconds);
    // What the target left out cannot be the generator's fault.
    if (!late || missingShare(probe.record, probe.seconds) > clearShare) return probe;
    if (tries === mostTries) return { ...probe, late };
    await rest();
  }
}

/**
 * The share of its arrivals that a probe could not answer: what joined a queue, or was dropped. Means over halves separate a
 * growing queue from a pause of the machine; counts at one instant do not.
 */
function missingShare({ requests, durationS }: StageRecord, seconds: readonly LoadLine[]): number {
  const inFlight = (half: readonly LoadLine[]): number => {
    const lastedS = half.reduce((sum, line) => sum + line.durationS, 0);
    return half.reduce((sum, line) => sum + (line.inFlightS ?? 0), 0) / lastedS;
  };
  const full = seconds.filter((line) => line.durationS > 0);
  const generators = new Set(full.map((line) => line.generator)).size;
  const middleOf = (line: LoadLine): number => Date.parse(line.at) + line.durationS * 500;
  const middles = full.map(middleOf);
  const middle = (Math.min(...middles) + Math.max(...middles)) / 2;
  const first = full.filter((line) => middleOf(line) < middle);
  const second = full.filter((line) => middleOf(line) >= middle);
  if (first.length === 0 || second.length === 0 || requests.intended === 0) return 0;
  // The middles of the halves are half the probe apart.
  const growthPerS = ((inFlight(second) - inFlight(first)) * generators) / (durationS / 2);
  const growth = Math.max(0, growthPerS - unseenPerS) / (requests.intended / durationS);
  return Math.max(growth, requests.dropped / requests.intended);
}

/** Why the probe did not keep up with its own arrivals, if it did not. */
function fellBehind(missing: number, { requests }: StageRecord): Finding[] {
  if (requests.dropped > 0) return [loadFinding('requests-dropped', { dropped: requests.dropped })];
  return missing > unseenShare ? [loadFinding('queue-grew', { percent: 100 * missing })] : [];
}
