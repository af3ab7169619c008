// A prediction for the app alone -> one for the app beside the other programs of its machine.
import { creditBaselineVcpus } from '../../../model/catalogue/instance-catalogue.ts';
import type { Estimate } from '../../series/regression.ts';
import type { CpuDemand } from './credit-day.ts';
import type { TypePrediction } from './predict-type.ts';

/** `others`: what they use at rest, in vCPUs of the type. They take a vCPU that no process of the app uses first, and they spend credits. */
export function besideOthers(prediction: TypePrediction, others: Estimate): TypePrediction {
  if (others.high === 0) return prediction;
  const { type, cpu, burstPerS, sustainedPerS } = prediction;
  const { promisedVcpus = type.vcpus } = type;
  const baseline = type.credits ? creditBaselineVcpus(type.credits) : promisedVcpus;
  const beside = (each: CpuDemand, end: keyof Estimate): CpuDemand => {
    const backgroundVcpus = Math.min(promisedVcpus, each.backgroundVcpus + others[end]);
    const usableVcpus = Math.max(0, Math.min(each.usableVcpus, promisedVcpus - backgroundVcpus));
    return { ...each, backgroundVcpus, usableVcpus };
  };
  // The cheap end is that of the higher rate.
  const after = { value: beside(cpu.value, 'value'), low: beside(cpu.low, 'low'), high: beside(cpu.high, 'high') };
  const scale = (perS: Estimate, usable: (each: CpuDemand) => number): Estimate => {
    const times = (end: keyof Estimate) => (usable(cpu[end]) > 0 ? usable(after[end]) / usable(cpu[end]) : 0);
    return { value: perS.value * times('value'), low: perS.low * times('high'), high: perS.high * times('low') };
  };
  const sustained = ({ usableVcpus, backgroundVcpus }: CpuDemand) =>
    Math.min(usableVcpus, Math.max(0, baseline - backgroundVcpus));
  return {
    ...prediction,
    cpu: after,
    burstPerS: scale(burstPerS, ({ usableVcpus }) => usableVcpus),
    sustainedPerS: scale(sustainedPerS, sustained),
  };
}
