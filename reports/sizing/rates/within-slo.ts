// The rate with CPU credits that a verdict rests on: what a type serves at full use, or less where the SLO is missed before that.
import type { CapacityAtSlo } from '../../schema/judged.ts';
import type { Estimate } from '../../series/regression.ts';
import { exactly, mapEstimate, scaleEstimate } from '../demand/estimate.ts';
import { type OnItsVcpus, scaleRate } from './on-ec2.ts';
import type { TypePrediction } from './predict-type.ts';

export type WithinSlo = {
  readonly perS: Estimate;
  readonly slo: readonly string[];
  /** The generator was at its limit first: the type may serve more, up to `perS.high`. */
  readonly atLeast?: true;
  /** Every rate missed the SLO: the type serves less than `perS.high`. */
  readonly atMost?: true;
};

/**
 * The smaller of the burst rate and the capacity at the SLO, at each end of their intervals. The capacity is carried from the cores that it was
 * measured on (`inCores`) to the vCPUs of the type, and beside the other programs, as the burst rate is.
 */
export function withinSlo(
  measured: CapacityAtSlo,
  inCores: TypePrediction,
  onVcpus: OnItsVcpus,
  beside: TypePrediction,
): WithinSlo {
  const { arrivalRatePerS: value, low, high, slo, atLeast, atMost } = measured;
  const { prediction, vcpuOfACore = exactly(prediction.speed / inCores.speed) } = onVcpus;
  const left = prediction.burstPerS.value > 0 ? beside.burstPerS.value / prediction.burstPerS.value : 1;
  const carried = scaleEstimate(scaleRate({ value, low, high }, vcpuOfACore), left);
  return {
    perS: mapEstimate(beside.burstPerS, (perS, end) => Math.min(perS, carried[end])),
    slo,
    ...(atLeast && carried.value < beside.burstPerS.value && { atLeast }),
    ...(atMost && { atMost }),
  };
}

/** A rate without end is not higher than the one at the SLO: without CPU credits to run out nothing excuses a missed SLO. */
export function capBySlo(sustainedPerS: Estimate, within: WithinSlo | undefined): Estimate {
  if (!within) return sustainedPerS;
  const { perS, atMost } = within;
  return mapEstimate(sustainedPerS, (figure, end) => Math.min(figure, atMost ? perS.high : perS[end]));
}
