// How fast a candidate's vCPU is against a vCPU of the measured run.
import { findInstanceType, type InstanceCatalogue, type InstanceType } from '../../model/instance-catalogue.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { Estimate } from '../series/regression.ts';

/** What an unnamed machine's core is taken for: the project's question is about T2. */
const standIn = 't2.micro';
/** t2.nano and t2.small, the same processors, differ by 7 % in CoreMark: a factor this near to 1 is 1. */
const sameSpeed = 0.1;
/** Between two runs of CoreMark on the same type. */
const spread = 0.1;

export type Speed = {
  /** Work of one vCPU in a second against that of the run's. */
  readonly factor: Estimate;
  /** What is assumed, in words. */
  readonly assumed: string;
};

/**
 * CoreMark of both, per vCPU with all vCPUs busy. A thread of a core is faster when its sibling is idle, by up to twice: a candidate
 * that runs one process on two threads gets that as the high end.
 */
export function relativeSpeed(
  run: RunRecord,
  candidate: InstanceType,
  workers: number,
  catalogue: InstanceCatalogue,
): Speed {
  const named = run.target.instanceType;
  const source = findInstanceType(named ?? standIn, catalogue);
  const machine = run.target.vcpuShare !== undefined || named === undefined;
  const assumed = machine
    ? `${run.target.vcpuShare === undefined ? `a vCPU of a ${source.instanceType} is taken to be a core` : `an emulated vCPU was ${round(run.target.vcpuShare)} of a core`} of the measured machine (${run.generator.cpuModel}): ratios between types carry over, absolute rates do not`
    : `the run was made on a ${source.instanceType}`;
  if (candidate.coremarkAllVcpus === undefined || source.coremarkAllVcpus === undefined) {
    const factor = { value: 1, low: 1, high: 1 };
    return {
      factor,
      assumed: `${assumed}; ${candidate.instanceType} has no CoreMark figure and is taken to be as fast`,
    };
  }
  const ratio = candidate.coremarkAllVcpus / candidate.vcpus / (source.coremarkAllVcpus / source.vcpus);
  if (Math.abs(ratio - 1) <= sameSpeed) return { factor: { value: 1, low: 1, high: 1 }, assumed };
  const alone = candidate.vcpuKind === 'thread' && workers < candidate.vcpus ? 2 : 1 + spread;
  return {
    factor: { value: ratio, low: ratio * (1 - spread), high: ratio * alone },
    assumed: `${assumed}; by CoreMark a vCPU of ${candidate.instanceType} does ${round(ratio)} of the work of one of ${source.instanceType}`,
  };
}

function round(value: number): string {
  return String(Number(value.toFixed(2)));
}
