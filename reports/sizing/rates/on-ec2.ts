// The rates of a type on EC2: those in cores of the measuring machine times how much of such a core its vCPU is.
import type { InstanceCatalogue } from '../../../model/catalogue/instance-catalogue.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import type { SizingFinding } from '../../schema/sizing-findings.ts';
import type { Estimate } from '../../series/regression.ts';
import { speedOfType, vcpuOfACore } from './machine-speed.ts';
import { withRates } from './measured-rates.ts';
import type { TypePrediction } from './predict-type.ts';

export type OnEc2 = {
  readonly burstPerS?: Estimate;
  readonly sustainedPerS?: Estimate;
  /** How much of a core of the measuring machine one vCPU of the type is. */
  readonly vcpuOfACore: Estimate;
};

/** What a verdict rests on: rates of the type's own vCPUs where their speed is known, else of the cores that were measured. */
export type OnItsVcpus = {
  readonly prediction: TypePrediction;
  /** Absent where the speed of the measuring machine's core is not known, and for a run on a real instance. */
  readonly vcpuOfACore?: Estimate;
  readonly assumptions: readonly SizingFinding[];
};

/** A prediction in cores of the measuring machine, or in vCPUs of a real instance, carried over to the vCPUs of its type. */
export function onItsVcpus(run: RunRecord, inCores: TypePrediction, catalogue: InstanceCatalogue): OnItsVcpus {
  const vcpu = vcpuOfACore(run, inCores.type.instanceType, catalogue);
  if (vcpu) return { prediction: scaleRates(inCores, vcpu), vcpuOfACore: vcpu, assumptions: [] };
  const { factor, assumptions } = speedOfType(run, inCores.type, catalogue);
  return { prediction: factor.value === 1 ? inCores : scaleRates(inCores, factor), assumptions };
}

function scaleRates(prediction: TypePrediction, vcpu: Estimate): TypePrediction {
  const { burstPerS, sustainedPerS, speed } = prediction;
  return {
    ...withRates(prediction, scaleRate(burstPerS, vcpu), scaleRate(sustainedPerS, vcpu)),
    speed: speed * vcpu.value,
  };
}

/** A rate times a factor, with both intervals combined as independent. */
export function scaleRate(perS: Estimate, by: Estimate): Estimate {
  const value = perS.value * by.value;
  if (!(value > 0)) return { value, low: value, high: perS.high * by.high };
  // A low end of 0 stays 0.
  const half = (end: 'low' | 'high') => Math.hypot(Math.log(perS[end] / perS.value), Math.log(by[end] / by.value));
  return { value, low: value * Math.exp(-half('low')), high: value * Math.exp(half('high')) };
}
