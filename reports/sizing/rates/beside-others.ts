// A prediction for the app alone -> one for the app beside the other programs of its machine.
import { creditBaselineVcpus } from '../../../model/catalogue/instance-catalogue.ts';
import type { Estimate } from '../../series/regression.ts';
import type { CpuDemand } from './credit-day.ts';
import type { TypePrediction } from './predict-type.ts';

/**
 * `others`: what they use at rest, in vCPUs of the type. They take a vCPU that no process of the app uses first, and they spend credits.
 * `notMeasured`: those of them that a rate was not measured beside; default all.
 */
export function besideOthers(
  prediction: TypePrediction,
  others: Estimate,
  notMeasured: { readonly burst?: Estimate; readonly sustained?: Estimate } = {},
): TypePrediction {
  if (others.high === 0) return prediction;
  const { type, cpu, burstPerS, sustainedPerS } = prediction;
  const { promisedVcpus = type.vcpus } = type;
  const baseline = type.credits ? creditBaselineVcpus(type.credits) : promisedVcpus;
  const beside = (taken: Estimate, end: keyof Estimate): CpuDemand => {
    const backgroundVcpus = Math.min(promisedVcpus, cpu[end].backgroundVcpus + taken[end]);
    const usableVcpus = Math.max(0, Math.min(cpu[end].usableVcpus, promisedVcpus - backgroundVcpus));
    return { ...cpu[end], backgroundVcpus, usableVcpus };
  };
  // The cheap end is that of the higher rate.
  const scale = (perS: Estimate, taken: Estimate, usable: (each: CpuDemand) => number): Estimate => {
    const times = (end: keyof Estimate) => (usable(cpu[end]) > 0 ? usable(beside(taken, end)) / usable(cpu[end]) : 0);
    return { value: perS.value * times('value'), low: perS.low * times('high'), high: perS.high * times('low') };
  };
  const sustained = ({ usableVcpus, backgroundVcpus }: CpuDemand) =>
    Math.min(usableVcpus, Math.max(0, baseline - backgroundVcpus));
  return {
    ...prediction,
    cpu: { value: beside(others, 'value'), low: beside(others, 'low'), high: beside(others, 'high') },
    burstPerS: scale(burstPerS, notMeasured.burst ?? others, ({ usableVcpus }) => usableVcpus),
    sustainedPerS: scale(sustainedPerS, notMeasured.sustained ?? others, sustained),
  };
}
