// How fast a type's vCPU is compared with a vCPU of the measured run.
import { findInstanceType, type InstanceCatalogue, type InstanceType } from '../../model/instance-catalogue.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { SizingFinding } from '../schema/sizing-findings.ts';
import type { Estimate } from '../series/regression.ts';
import { exactly } from './estimate.ts';

/** A core of an unnamed machine counts as one of this type: the project's question is about T2. */
const standIn = 't2.micro';
/** t2.nano and t2.small, the same processors, differ by 7 % in CoreMark: a factor this near to 1 is 1. */
const sameSpeed = 0.1;
/** Between two runs of CoreMark on the same type. */
const spread = 0.1;

export type Speed = {
  /** Work of one vCPU in a second, divided by that of the run's. */
  readonly factor: Estimate;
  readonly assumptions: readonly SizingFinding[];
};

/**
 * CoreMark of both, per vCPU with all vCPUs busy. A thread of a core is up to twice as fast while its sibling is idle: a type that runs one
 * process on two threads gets that as the high end.
 */
export function relativeSpeed(
  run: RunRecord,
  type: InstanceType,
  workers: number,
  catalogue: InstanceCatalogue,
): Speed {
  const source = findInstanceType(run.target.instanceType ?? standIn, catalogue);
  const measuredOn = describeSource(run, source);
  const { instanceType } = type;
  if (type.coremarkAllVcpus === undefined || source.coremarkAllVcpus === undefined) {
    return { factor: exactly(1), assumptions: [measuredOn, { code: 'no-coremark', instanceType }] };
  }
  const ratio = type.coremarkAllVcpus / type.vcpus / (source.coremarkAllVcpus / source.vcpus);
  if (Math.abs(ratio - 1) <= sameSpeed) return { factor: exactly(1), assumptions: [measuredOn] };
  const alone = type.vcpuKind === 'thread' && workers < type.vcpus ? 2 : 1 + spread;
  return {
    factor: { value: ratio, low: ratio * (1 - spread), high: ratio * alone },
    assumptions: [measuredOn, { code: 'coremark-ratio', instanceType, ofType: source.instanceType, ratio }],
  };
}

function describeSource({ target, generator }: RunRecord, { instanceType }: InstanceType): SizingFinding {
  const { vcpuShare, vcpuShareAtBaseline } = target;
  const { cpuModel } = generator;
  if (vcpuShareAtBaseline !== undefined) return { code: 'vcpus-whole', cpuModel };
  if (vcpuShare !== undefined) return { code: 'vcpu-emulated', vcpuShare, cpuModel };
  if (target.instanceType === undefined) return { code: 'vcpu-assumed-core', instanceType, cpuModel };
  return { code: 'measured-on-type', instanceType };
}
