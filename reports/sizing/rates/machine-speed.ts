// How fast a vCPU of a type is: against the vCPU or the core that a run measured on, and on EC2.

import type { InstanceCatalogue, InstanceType } from '../../../model/catalogue/instance-catalogue.ts';
import { relativeUserSpeed } from '../../../model/catalogue/user-speed.ts';
import {
  architectureOf,
  familyOf,
  type RelativeSpeed,
  relativeSpeed,
  type SetCost,
  speedOf,
  unknownSpeed,
} from '../../../model/catalogue/vcpu-speed.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import { sharedCore } from '../../measured/shared-core.ts';
import type { SizingFinding } from '../../schema/sizing-findings.ts';
import type { Estimate } from '../../series/regression.ts';
import { exactly } from '../demand/estimate.ts';

/** A core whose speed was not measured counts as a vCPU of this type: the project's question is about T2. */
const standIn = 't2.micro';

export type Speed = {
  /** Work of one vCPU of the type in a second, divided by that of one vCPU, or core, of the run. */
  readonly factor: Estimate;
  readonly assumptions: readonly SizingFinding[];
};

/**
 * In a prediction. From one real instance to another by the CPU time of a redis SET on both (`npm run bench -- bridge`: nearer than
 * CoreMark). What ran on a core whose speed is known, or in an emulated vCPU, is predicted for such cores, as every emulated type is measured
 * on them; any other core counts as a vCPU of a T2.
 */
export function speedFrom(run: RunRecord, type: InstanceType, catalogue: InstanceCatalogue): Speed {
  const own = run.target.instanceType;
  if (isEmulated(run) || (own === undefined && run.vcpuSpeed))
    return { factor: exactly(1), assumptions: [describeCores(run)] };
  if (own !== undefined) return between(own, type, catalogue, [{ code: 'measured-on-type', instanceType: own }]);
  return fromStandIn(type, catalogue, [describeCores(run)]);
}

/**
 * How much of a core of the machine of `run` one vCPU of a type is on EC2. The app's CPU time in the kernel follows that of a redis SET, which is
 * mostly kernel; the rest follows the fixed computation here and Geekbench there. Where the shares are not known the value is the SET's, and the
 * interval holds both; where the rest cannot be compared, all follows the SET. Undefined without a SET timed on the machine, for a run on a real instance,
 * and for a type whose SET is not known.
 */
export function vcpuOfACore(run: RunRecord, type: string, catalogue: InstanceCatalogue): Estimate | undefined {
  const core = costOfCore(run);
  if (!core || (run.target.instanceType !== undefined && !isEmulated(run))) return undefined;
  const kernel = relativeSpeed(core, type, catalogue);
  const { node } = run.generator.versions;
  const user = run.probe && relativeUserSpeed({ fixedWorkMs: run.probe.fastestMs, node }, type);
  const { appSystemShare } = run;
  if (!kernel) return undefined;
  const { ratio: value, low, high } = kernel;
  if (!user) return { value, low, high };
  if (appSystemShare === undefined) return { value, low: Math.min(low, user.low), high: Math.max(high, user.high) };
  return combine([
    { share: appSystemShare, speed: kernel },
    { share: 1 - appSystemShare, speed: user },
  ]);
}

/** Of work whose parts follow different speeds: their times add up, and so do their errors, as independent. */
function combine(parts: readonly { readonly share: number; readonly speed: RelativeSpeed }[]): Estimate {
  const times = parts.map(({ share, speed }) => share / speed.ratio);
  const time = times.reduce((sum, each) => sum + each, 0);
  const half = (end: 'low' | 'high') =>
    Math.hypot(
      ...parts.map(({ speed }, index) => ((times[index] as number) / time) * Math.log(speed[end] / speed.ratio)),
    );
  return { value: 1 / time, low: Math.exp(-half('low')) / time, high: Math.exp(half('high')) / time };
}

function costOfCore({ vcpuSpeed, generator }: RunRecord): SetCost | undefined {
  if (!vcpuSpeed) return undefined;
  const { value: redisSetUs, low, high } = vcpuSpeed.redisSetUs;
  return { redisSetUs, low, high, architecture: architectureOf(generator.platform.replace('arm64', 'arm')) };
}

/** From the vCPUs that a prediction counts in to the type's own, where the speed of the measuring core or that of the type is not known. */
export function speedOfType(run: RunRecord, type: InstanceType, catalogue: InstanceCatalogue): Speed {
  const core = costOfCore(run);
  const isInCores = isEmulated(run) || run.target.instanceType === undefined;
  if (core && isInCores && !speedOf(type.instanceType, catalogue)) return anySpeed(core, type, catalogue, []);
  return isEmulated(run) ? fromStandIn(type, catalogue, []) : { factor: exactly(1), assumptions: [] };
}

function isEmulated({ target }: RunRecord): boolean {
  return target.instanceType !== undefined && target.vcpuShare !== undefined;
}

/** T2 types count as the core itself. */
function fromStandIn(type: InstanceType, catalogue: InstanceCatalogue, known: readonly SizingFinding[]): Speed {
  const isT2 = familyOf(type.instanceType) === familyOf(standIn);
  return isT2 ? { factor: exactly(1), assumptions: known } : between(standIn, type, catalogue, known);
}

function between(
  of: string,
  { instanceType }: InstanceType,
  catalogue: InstanceCatalogue,
  known: readonly SizingFinding[],
): Speed {
  if (of === instanceType) return { factor: exactly(1), assumptions: known };
  const speed = relativeSpeed(of, instanceType, catalogue);
  if (!speed) return anySpeed(of, { instanceType }, catalogue, known);
  const { ratio, low, high } = speed;
  return {
    factor: { value: ratio, low, high },
    assumptions: [...known, { code: 'vcpu-speed', instanceType, of, ratio, low, high }],
  };
}

/** No figure is surer than what is known of the speeds of others. */
function anySpeed(
  of: string | SetCost,
  { instanceType }: Pick<InstanceType, 'instanceType'>,
  catalogue: InstanceCatalogue,
  known: readonly SizingFinding[],
): Speed {
  const { low, high } = unknownSpeed(of, catalogue) ?? unknownSpeed(standIn, catalogue) ?? { low: 0, high: 1 };
  return {
    factor: { value: 1, low, high },
    assumptions: [...known, { code: 'vcpu-speed-unknown', instanceType, low, high }],
  };
}

function describeCores(run: RunRecord): SizingFinding {
  const { cpuModel } = run.generator;
  const { vcpuShare, vcpuShareAtBaseline } = run.target;
  const { value: dearer, low, high } = sharedCore(run);
  if (vcpuShareAtBaseline !== undefined)
    return { code: 'vcpus-whole', cpuModel, ...(dearer > 1 && { dearer, low, high }) };
  if (vcpuShare !== undefined) return { code: 'vcpu-emulated', vcpuShare, cpuModel };
  if (run.vcpuSpeed) return { code: 'vcpu-is-core', cpuModel };
  return { code: 'vcpu-assumed-core', instanceType: standIn, cpuModel };
}
