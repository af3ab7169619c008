// The capacity search on a real target: probes are short open stages.
import type { Finding } from '../../model/finding.ts';
import { seededRandom } from '../../model/random.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { CapacityStage } from '../../model/stage-kinds/capacity.ts';
import { parseThreshold } from '../../model/threshold.ts';
import { type CapacityResult, searchCapacity } from './capacity.ts';
import { judgeProbe, missingShare, unseenPerS, unseenShare } from './judge-probe.ts';
import { lag } from './load-checks.ts';
import type { StageResult } from './run-stage.ts';

type Capacity = NonNullable<RunRecord['capacity']>;

/** Pause between probes, before the host is checked for being at rest. */
const restMs = 150;
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
      const { reasons, missing } = judgeProbe(probe, slo);
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
