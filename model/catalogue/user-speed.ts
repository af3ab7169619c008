// How fast the vCPU of an EC2 type runs what is no kernel's work: by Geekbench, as measured on real instances.
import { familyOf, measuredVcpus, median, type RelativeSpeed } from './vcpu-speed.ts';
import transfer from './vcpu-transfer.json' with { type: 'json' };
import speeds from './vcpu-user-speed.json' with { type: 'json' };

/** Scores of one real instance, in the order of `userWorkloads`. */
type UserSpeed = (typeof speeds.types)[number];

export const userSpeeds: readonly UserSpeed[] = speeds.types;
export const userWorkloads: readonly string[] = speeds.workloads;

/** Those that run on all vCPUs at once without waiting for each other. */
const independent = ['HTML5 Browser', 'PDF Renderer', 'Clang', 'Asset Compression'].map((name) =>
  userWorkloads.indexOf(name),
);
/** How far the fastest fixed computations of two runs on one idle machine lie apart. */
const repeatability = 0.05;

/**
 * How much of a core, on which the fixed computation took `fixedWorkMs` under this version of Node, one vCPU of `type` is for work outside the kernel,
 * while its other vCPUs are as busy. From the core to a known processor by the fixed computation, from there to the type by Geekbench; each step has
 * the 90 % interval by which one workload differs from the mean of others (vcpu-transfer.json, written by the bench `bridge`). Undefined for a type
 * without scores.
 */
export function relativeUserSpeed(
  { fixedWorkMs, node }: { readonly fixedWorkMs: number; readonly node: string | undefined },
  type: string,
): RelativeSpeed | undefined {
  const score = scoreOf(type);
  const reference = userSpeeds.find((each) => each.type === speeds.reference.type);
  if (score === undefined || !reference) return undefined;
  const scoreOfCore = (geometricMean(reference, 'single') * referenceMs(node)) / fixedWorkMs;
  const ratio = score / scoreOfCore;
  const half = (factor: number) => Math.hypot(Math.log(factor), Math.log(factor), repeatability);
  return {
    ratio,
    low: ratio * Math.exp(-half(transfer.userWork.low)),
    high: ratio * Math.exp(half(transfer.userWork.high)),
  };
}

/** The mean of a type's independent scores: of one vCPU while the others rest (`single`), or while all are busy. */
export function geometricMean(of: UserSpeed, threads: 'single' | 'all'): number {
  const logs = independent.map((index) => Math.log(of[threads][index] as number));
  return Math.exp(logs.reduce((sum, each) => sum + each, 0) / logs.length) / (threads === 'all' ? of.vcpus : 1);
}

/** Of the newest version that was measured and is not newer, else of the oldest: V8 does the same work in 0.6 to 1 times the time. */
function referenceMs(node = ''): number {
  const measured = Object.entries(speeds.reference.fixedWorkMs).sort(([one], [other]) => Number(one) - Number(other));
  const major = Number.parseInt(node, 10);
  const [, ms] = measured.findLast(([version]) => Number(version) <= major) ?? (measured[0] as [string, number]);
  return ms;
}

/** Of one of a type's busy vCPUs: the median of its family, or of other types on its processor. */
function scoreOf(type: string): number | undefined {
  const family = userSpeeds.filter((each) => familyOf(each.type) === familyOf(type));
  const cpu = measuredVcpus.find((each) => each.type === type)?.cpu;
  const pool = family.length > 0 ? family : userSpeeds.filter((each) => each.cpu === cpu);
  return pool.length > 0 ? median(pool.map((each) => geometricMean(each, 'all'))) : undefined;
}
