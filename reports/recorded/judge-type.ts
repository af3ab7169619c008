// One type judged against a record: memory, vCPUs, credits.
import { type CreditMode, creditModeOf, type InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import type { RelativeSpeed } from '../../model/catalogue/vcpu-speed.ts';
import type { SizeVerdict } from '../sizing/fits/check.ts';
import { checkNetwork } from './network-record.ts';
import { boundPeaks } from './peak-bounds.ts';
import { msAbove, type RecordOptions, runRecord } from './record-bank.ts';
import {
  checkCredits,
  checkMemory,
  checkPeaks,
  type RecordCheck,
  speedUnknown,
  tooCoarse,
  tooShort,
} from './record-checks.ts';
import type { RecordCurve } from './record-curve.ts';
import { figuresOf, hours, type RecordInput, type RecordRuns, round } from './record-figures.ts';
import { demandOn, speedOf } from './type-demand.ts';

export type RecordedInstance = {
  readonly instanceType: string;
  /** Absent for a type of fixed performance, like everything about credits. */
  readonly mode?: CreditMode;
  readonly verdict: SizeVerdict;
  /** What does not fit or is inconclusive. */
  readonly limitedBy?: RecordCheck['limit'];
  readonly because: RecordCheck['because'];
  readonly checks: readonly RecordCheck[];
  readonly vcpus: number;
  readonly lowestCredits?: number;
  readonly lowestAt?: string;
  /** Work that is not done in time is lost. */
  readonly throttledHours: number;
  readonly throttledHoursIfWorkWaits: number;
  readonly firstThrottledAt?: string;
  /** Above all vCPUs, and above the baseline performance without credits. */
  readonly unservedVcpuHours: number;
  readonly aboveAllVcpusHours: number;
  /** By the maxima within the periods; absent when they were not recorded. */
  readonly aboveAllVcpusHoursRange?: readonly [atLeast: number, atMost: number];
  /** Charged in the record, and a month of the like with what is never earned back. */
  readonly surplusUsd: number;
  readonly surplusUsdPerMonth: number;
  /** Absent for a type without a price. */
  readonly usdPerMonth?: number;
  /** Mean demand in percent of the baseline performance, or of all vCPUs for a type of fixed performance. */
  readonly meanPercent: number;
  /** One vCPU of the type in vCPUs of the recorded type; absent for the same vCPU. */
  readonly speed?: RelativeSpeed;
  /** At both ends of that interval; absent for the same vCPU. */
  readonly range?: {
    readonly lowestCredits?: readonly [number, number];
    readonly throttledHours: readonly [number, number];
  };
  readonly curve: RecordCurve;
};

/** Judges one type; without the speed of its vCPU the figures are those of an equal one, and the verdict is inconclusive. */
export function judgeType(input: RecordInput, asked: InstanceType, withCurve = true): RecordedInstance {
  const type = asPromised(asked);
  const { of, record, start } = input;
  const known = speedOf(of, type);
  const speed = known ?? { ratio: 1, low: 1, high: 1 };
  const mode = creditModeOf(type, input.mode) ?? 'standard';
  const run = (ratio: number, more: Partial<RecordOptions> = {}) => {
    const credits = runRecord(type, demandOn(record, of, ratio), { mode, start, ...more });
    return input.fine ? { ...credits, aboveMs: msAbove(demandOn(input.fine, of, ratio), type.vcpus) } : credits;
  };
  const window = [record.begins[0] as number, record.ends.at(-1) as number] as const;
  const value = run(speed.ratio, withCurve ? { curve: window } : {});
  const isExact = speed.low === speed.high;
  // A faster vCPU has less to do.
  const runs: RecordRuns = { value, low: isExact ? value : run(speed.high), high: isExact ? value : run(speed.low) };
  // Only without credits does late work change how long the type is throttled. The table of other types does not show it.
  const isServed = mode === 'unlimited' || !type.credits || (value.throttledMs === 0 && value.aboveMs === 0);
  const waiting = isServed || !withCurve ? value : run(speed.ratio, { waits: true });
  const peaks = boundPeaks(input.fine ?? record, of, speed, type.vcpus);
  const figures = {
    ...figuresOf(input, type, mode, runs, waiting),
    ...(peaks && { aboveAllVcpusHoursRange: [hours(peaks.leastMs), hours(peaks.mostMs)] as const }),
  };
  const checks = [
    ...(known ? [] : [speedUnknown(of, type)]),
    ...checkMemory(input, type),
    checkPeaks(record, type, runs, peaks),
    ...checkCredits(input, type, mode, runs, figures),
    ...checkNetwork(input.network, type),
  ];
  return {
    instanceType: type.instanceType,
    ...(type.credits && { mode }),
    ...decide(input, known ? checks : checks.filter(isFreeOfSpeed)),
    checks,
    ...figures,
    ...(known && !isExact && { speed: known, range: rangeOf(runs) }),
    curve: value.curve,
  };
}

/** The type with the vCPUs that it promises, by which it is judged. */
export function asPromised(type: InstanceType): InstanceType {
  return { ...type, vcpus: type.promisedVcpus ?? type.vcpus };
}

/** Of a type whose vCPU may be faster or slower than assumed, vCPUs and credits decide nothing. */
function isFreeOfSpeed({ limit }: RecordCheck): boolean {
  return limit !== 'burst-cpu' && limit !== 'credits';
}

/** The first check that fails, else the first that is inconclusive, else credits, or the vCPUs without them. */
function decide({ atLeast, record }: RecordInput, checks: readonly RecordCheck[]) {
  const failed = checks.find(({ verdict }) => verdict === 'does-not-fit');
  // The maxima of periods are more than what was used.
  if (failed && record.statistic === 'max' && failed.limit !== 'memory')
    return { verdict: 'inconclusive', limitedBy: 'measurement', because: { code: 'record-maxima-only' } } as const;
  if (failed) return { verdict: failed.verdict, limitedBy: failed.limit, because: failed.because };
  const open = checks.find(({ verdict }) => verdict === 'inconclusive');
  if (open) return { verdict: open.verdict, limitedBy: open.limit, because: open.because };
  const measured = atLeast ?? tooShort(record) ?? tooCoarse(record);
  if (measured) return { verdict: 'inconclusive', limitedBy: 'measurement', because: measured } as const;
  return {
    verdict: 'fits',
    because: (checks.findLast(({ limit }) => limit !== 'network') as RecordCheck).because,
  } as const;
}

function rangeOf({ low, high }: RecordRuns): NonNullable<RecordedInstance['range']> {
  return {
    ...(low.lowest &&
      high.lowest && { lowestCredits: [round(high.lowest.credits, 3), round(low.lowest.credits, 3)] as const }),
    throttledHours: [hours(low.throttledMs), hours(high.throttledMs)],
  };
}
