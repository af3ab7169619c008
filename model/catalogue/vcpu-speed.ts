// How fast the vCPU of an EC2 type is: the CPU time of a redis SET, measured on real instances, and what follows from it for others.
import type { InstanceType } from './instance-catalogue.ts';
import speeds from './vcpu-speed.json' with { type: 'json' };
import transfer from './vcpu-transfer.json' with { type: 'json' };

export type Architecture = 'x86' | 'arm';

/** The CPU time of one SET in microseconds, of a type or of a core of any machine, with its interval. */
export type SetCost = {
  readonly redisSetUs: number;
  readonly low: number;
  readonly high: number;
  /** Default: x86. */
  readonly architecture?: Architecture;
};

type VcpuSpeed = Required<SetCost> & {
  /** The types whose figures it is the median of; the type itself where a user gave its figure. */
  readonly pool: readonly string[];
};

/** Work of a vCPU, divided by that of the core or vCPU it is compared with; `low` to `high` held for 90 % of the types of the table. */
export type RelativeSpeed = { readonly ratio: number; readonly low: number; readonly high: number };

/** A user's own types, of which each may bring `redisSetUs`. */
type OwnTypes = readonly Pick<InstanceType, 'instanceType' | 'redisSetUs' | 'processor'>[];

/** What was measured of one type on the real machine: microseconds of CPU time for a SET, and for a GET of a static page. */
export type MeasuredVcpu = (typeof speeds.types)[number];

export const measuredVcpus: readonly MeasuredVcpu[] = speeds.types;

/** A pool of less types than this takes in all types of its processors. */
const fewTypes = 3;
/** Two-sided 90 % quantile of the normal distribution. */
const z90 = 1.645;
/** Standard deviation from the median absolute deviation, and the standard error of a median from that of a mean, under normality. */
const madToDeviation = 1.4826;
const medianError = 1.2533;

/**
 * The SET of a type as the median of its family, since one type's figure is noise and a family may come on several processors. A small
 * family is pooled with the others on its processor. Undefined for a type that neither the table nor `own` has.
 */
export function speedOf(type: string, own: OwnTypes = []): VcpuSpeed | undefined {
  const brought = own.find(({ instanceType }) => instanceType === type);
  if (brought?.redisSetUs !== undefined) {
    const { redisSetUs, processor = '' } = brought;
    return { ...single(redisSetUs), architecture: architectureOf(processor), pool: [type] };
  }
  const pool = poolOf(type);
  const [first] = pool;
  if (!first) return undefined;
  const costs = pool.map(({ redisSetUs }) => redisSetUs);
  return { ...pooled(costs), architecture: architectureOf(first.cpu), pool: pool.map((each) => each.type) };
}

/**
 * How much of `from`, an instance type or a core whose SET was measured, one vCPU of `to` is: the cost of a request scales by the inverse.
 * The table's 90 % interval (vcpu-transfer.json, written by the bench `bridge`) and that of a measured core are combined as independent.
 * Undefined where one of the two types is not known.
 */
export function relativeSpeed(from: string | SetCost, to: string, own: OwnTypes = []): RelativeSpeed | undefined {
  const target = speedOf(to, own);
  const source = typeof from === 'string' ? speedOf(from, own) : from;
  if (!target || !source) return undefined;
  if (from === to) return { ratio: 1, low: 1, high: 1 };
  const isSamePool = 'pool' in source && `${source.pool}` === `${target.pool}`;
  const factor = isSamePool ? transfer.samePool : transfer[`${source.architecture ?? 'x86'} to ${target.architecture}`];
  const ratio = (source.redisSetUs / target.redisSetUs) * factor.value;
  // A pooled figure's own error is part of the table's.
  const { redisSetUs, low, high } = 'pool' in source ? { redisSetUs: 1, low: 1, high: 1 } : source;
  return {
    ratio,
    low: ratio * Math.exp(-Math.hypot(Math.log(factor.value / factor.low), Math.log(redisSetUs / low))),
    high: ratio * Math.exp(Math.hypot(Math.log(factor.high / factor.value), Math.log(high / redisSetUs))),
  };
}

/**
 * For a type of which no vCPU was measured: an equal one, with an interval that holds the slowest and the fastest of the table with their
 * own intervals. Undefined where `from` is not known either.
 */
export function unknownSpeed(from: string | SetCost, own: OwnTypes = []): RelativeSpeed | undefined {
  const all = measuredVcpus.flatMap(({ type }) => relativeSpeed(from, type, own) ?? []);
  if (all.length === 0) return undefined;
  return {
    ratio: 1,
    low: Math.min(1, ...all.map(({ low }) => low)),
    high: Math.max(1, ...all.map(({ high }) => high)),
  };
}

/** The measured types that a type's figure is pooled from, without `leftOut`; empty for a type that the table does not have. */
export function poolOf(type: string, leftOut?: MeasuredVcpu): readonly MeasuredVcpu[] {
  const family = measuredVcpus.filter((each) => familyOf(each.type) === familyOf(type));
  const others = family.filter((each) => each !== leftOut);
  if (family.length === 0 || others.length >= fewTypes) return others;
  const processors = new Set(family.map(({ cpu }) => cpu));
  return measuredVcpus.filter(({ cpu }) => processors.has(cpu)).filter((each) => each !== leftOut);
}

export function familyOf(type: string): string {
  return type.replace(/\..*$/, '');
}

/** By the name of a processor; x86 where it says nothing. */
export function architectureOf(processor: string): Architecture {
  return /neoverse|cortex|graviton|ampere|\barm/i.test(processor) ? 'arm' : 'x86';
}

/** The median of one quantity: of an even number of figures the mean of the middle two. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

function single(redisSetUs: number): SetCost {
  return { redisSetUs, low: redisSetUs * transfer.single.low, high: redisSetUs * transfer.single.high };
}

/** The median with its 90 % interval from the median absolute deviation, which one wild figure does not move. */
function pooled(costs: readonly number[]) {
  const middle = median(costs);
  if (costs.length < fewTypes) return single(middle);
  const deviation = madToDeviation * median(costs.map((each) => Math.abs(each - middle)));
  const half = (z90 * medianError * deviation) / Math.sqrt(costs.length);
  return { redisSetUs: middle, low: middle - half, high: middle + half };
}
