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

/**
 * The longest that the demand can have been above all vCPUs, in milliseconds, when the highest sample of each period is known: a period
 * with the mean m and a sample above c vCPUs was above c for at most m / c of it.
 */
export function aboveAtMostMs(record: CpuRecord, of: InstanceType, ratio: number, vcpus: number): number | undefined {
  const { begins, ends, used, peaks } = record;
  if (!peaks) return undefined;
  const most = (100 * vcpus * ratio) / of.vcpus;
  let aboveMs = 0;
  for (let index = 0; index < peaks.length; index++) {
    if ((peaks[index] as number) <= most) continue;
    aboveMs += Math.min(1, (used[index] as number) / most) * ((ends[index] as number) - (begins[index] as number));
  }
  return aboveMs;
}
