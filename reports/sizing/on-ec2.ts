// The rates of a type on EC2: those in whole cores of the measuring machine times how much of such a core its vCPU is.
import type { InstanceCatalogue } from '../../model/instance-catalogue.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { architectureOf, relativeSpeed } from '../../model/vcpu-speed.ts';
import type { Estimate } from '../series/regression.ts';

export type OnEc2 = {
  readonly burstPerS?: Estimate;
  readonly sustainedPerS?: Estimate;
  /** How much of a core of the measuring machine one vCPU of the type is. */
  readonly vcpuOfACore: Estimate;
};

/**
 * How much of a core of the machine of `run` one vCPU of a type is, from the CPU time of a redis SET on both. Undefined without that of the
 * machine, for a run on a real instance, and for a type whose SET is not known.
 */
export function vcpuOfACore(run: RunRecord, type: string, catalogue: InstanceCatalogue): Estimate | undefined {
  const { vcpuSpeed, generator, target } = run;
  const isRealInstance = target.instanceType !== undefined && target.vcpuShare === undefined;
  if (!vcpuSpeed || isRealInstance) return undefined;
  const { value: redisSetUs, low, high } = vcpuSpeed.redisSetUs;
  const architecture = architectureOf(generator.platform.replace('arm64', 'arm'));
  const speed = relativeSpeed({ redisSetUs, low, high, architecture }, type, catalogue);
  return speed && { value: speed.ratio, low: speed.low, high: speed.high };
}

/** A rate times that, with both intervals combined as independent. */
export function rateOnEc2(perS: Estimate, vcpu: Estimate): Estimate {
  const value = perS.value * vcpu.value;
  if (!(value > 0)) return { value, low: value, high: perS.high * vcpu.high };
  // A low end of 0 stays 0.
  const half = (end: 'low' | 'high') => Math.hypot(Math.log(perS[end] / perS.value), Math.log(vcpu[end] / vcpu.value));
  return { value, low: value * Math.exp(-half('low')), high: value * Math.exp(half('high')) };
}

/** The rates of `wholeCores` on EC2. */
export function ratesOnEc2(
  wholeCores: { readonly burstPerS?: Estimate | undefined; readonly sustainedPerS?: Estimate | undefined },
  vcpu: Estimate | undefined,
): OnEc2 | undefined {
  const { burstPerS, sustainedPerS } = wholeCores;
  if (!vcpu || !(burstPerS || sustainedPerS)) return undefined;
  return {
    ...(burstPerS && { burstPerS: rateOnEc2(burstPerS, vcpu) }),
    ...(sustainedPerS && { sustainedPerS: rateOnEc2(sustainedPerS, vcpu) }),
    vcpuOfACore: vcpu,
  };
}
