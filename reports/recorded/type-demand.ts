// What a machine used, in vCPUs of another type.
import type { InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import { type RelativeSpeed, relativeSpeed } from '../../model/catalogue/vcpu-speed.ts';
import type { CpuRecord } from './cpu-record.ts';
import type { RecordDemand } from './record-bank.ts';

/** How much of one vCPU of the recorded type a vCPU of the other is, with its interval. Undefined where it is not known. */
export function speedOf(of: InstanceType, type: InstanceType): RelativeSpeed | undefined {
  // Types of one family have the same vCPU.
  if (familyOf(of) === familyOf(type)) return { ratio: 1, low: 1, high: 1 };
  return relativeSpeed(of.instanceType, type.instanceType, [of, type]);
}

function familyOf({ instanceType }: InstanceType): string {
  return instanceType.split('.')[0] as string;
}

/** The demand in vCPUs of a type of which one vCPU is `ratio` of one of the recorded type. */
export function demandOn({ begins, ends, used }: CpuRecord, of: InstanceType, ratio: number): RecordDemand {
  return { begins, ends, used, vcpusPerPercent: of.vcpus / 100 / ratio };
}
