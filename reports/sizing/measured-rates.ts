// A prediction with the rates that a run on the type measured in place of the predicted ones.
import type { Estimate } from '../series/regression.ts';
import type { CpuDemand } from './credit-day.ts';
import { mapEstimate, scaleEstimate } from './estimate.ts';
import type { MeasuredState, MeasuredType } from './measured-type.ts';
import type { TypePrediction } from './predict-type.ts';

/**
 * The prediction with measured rates, at the service demand that follows from them. A rate that was not measured is scaled as the burst
 * rate was.
 */
export function withMeasuredRates(prediction: TypePrediction, measured: MeasuredType | undefined): TypePrediction {
  const burst = rateOf(prediction.burstPerS, measured?.burst);
  const sustained = rateOf(prediction.sustainedPerS, measured?.sustained, measured?.burst && burst.factor.value);
  const demandAt = (each: CpuDemand, end: keyof Estimate): CpuDemand => ({
    ...each,
    serviceDemandS: each.serviceDemandS / burst.factor[end],
    serviceDemandAtBaselineS: each.serviceDemandAtBaselineS / sustained.factor[end],
  });
  const { value, low, high } = prediction.cpu;
  return {
    ...prediction,
    burstPerS: burst.perS,
    sustainedPerS: sustained.perS,
    // The cheap end is that of the higher rate.
    cpu: { value: demandAt(value, 'value'), low: demandAt(low, 'high'), high: demandAt(high, 'low') },
  };
}

/** The measured rate, else `scale` times the predicted one; and the factor from predicted to that, at each end. */
function rateOf(predicted: Estimate, measured: MeasuredState | undefined, scale = 1) {
  const perS = measured
    ? { value: measured.perS, low: measured.low, high: measured.high }
    : scaleEstimate(predicted, scale);
  // A predicted rate of 0 has no factor.
  const factor = mapEstimate(predicted, (rate, end) => (rate > 0 ? perS[end] / rate : 1));
  return { perS, factor };
}
