// A prediction with the rates that a run on the type measured in place of the predicted ones.
import type { Estimate } from '../../series/regression.ts';
import { mapEstimate, scaleEstimate } from '../demand/estimate.ts';
import type { CpuDemand } from './credit-day.ts';
import type { MeasuredState, MeasuredType } from './measured-type.ts';
import type { TypePrediction } from './predict-type.ts';

/** The prediction with measured rates. A rate that was not measured is scaled as the burst rate was. */
export function withMeasuredRates(prediction: TypePrediction, measured: MeasuredType | undefined): TypePrediction {
  const { burstPerS, sustainedPerS } = prediction;
  const burst = rateOf(measured?.burst) ?? burstPerS;
  const scale = measured?.burst && burstPerS.value > 0 ? burst.value / burstPerS.value : 1;
  return withRates(prediction, burst, rateOf(measured?.sustained) ?? scaleEstimate(sustainedPerS, scale));
}

/** The prediction with these rates in place of its own, at the service demands that follow from them. */
export function withRates(prediction: TypePrediction, burstPerS: Estimate, sustainedPerS: Estimate): TypePrediction {
  const burst = factorsFrom(prediction.burstPerS, burstPerS);
  const sustained = factorsFrom(prediction.sustainedPerS, sustainedPerS);
  const demandAt = (each: CpuDemand, end: keyof Estimate): CpuDemand => ({
    ...each,
    serviceDemandS: each.serviceDemandS / burst[end],
    serviceDemandAtBaselineS: each.serviceDemandAtBaselineS / sustained[end],
  });
  const { value, low, high } = prediction.cpu;
  return {
    ...prediction,
    burstPerS,
    sustainedPerS,
    // The cheap end is that of the higher rate.
    cpu: { value: demandAt(value, 'value'), low: demandAt(low, 'high'), high: demandAt(high, 'low') },
  };
}

function rateOf(measured: MeasuredState | undefined): Estimate | undefined {
  return measured && { value: measured.perS, low: measured.low, high: measured.high };
}

/** From one rate to another, at each end; a rate of 0 has no factor. */
function factorsFrom(rate: Estimate, to: Estimate): Estimate {
  return mapEstimate(rate, (perS, end) => (perS > 0 ? to[end] / perS : 1));
}
