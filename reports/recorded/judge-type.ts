// One type judged against a record: memory, vCPUs, credits.
import type { CreditStart } from '../../model/credit-lifecycle.ts';
import { surplusUsd } from '../../model/credit-replay.ts';
import type { CreditMode, InstanceType } from '../../model/instance-catalogue.ts';
import type { RelativeSpeed } from '../../model/vcpu-speed.ts';
import type { RecordCheckFindings, RecordFinding } from '../schema/recorded-findings.ts';
import type { SizeVerdict } from '../sizing/check.ts';
import type { CpuRecord } from './cpu-record.ts';
import { type RecordCredits, runRecord } from './record-bank.ts';
import type { RecordCurve } from './record-curve.ts';
import { aboveAtMostMs, demandOn, speedOf } from './type-demand.ts';

export type RecordInput = {
  readonly of: InstanceType;
  readonly record: CpuRecord;
  readonly start: CreditStart;
  /** Default: that of each type. */
  readonly mode?: CreditMode | undefined;
  /** Highest use on the recorded machine, where it is known. */
  readonly memoryBytes?: number | undefined;
  /** Why the machine wanted more CPU than it shows. */
  readonly atLeast?: RecordFinding<'record-at-least'> | undefined;
};

export type RecordCheck = {
  readonly limit: 'memory' | 'burst-cpu' | 'credits' | 'measurement';
  readonly verdict: SizeVerdict;
  readonly because: RecordFinding<keyof RecordCheckFindings>;
};

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
  /** Present when the maxima within the periods were recorded. */
  readonly aboveAllVcpusHoursAtMost?: number;
  /** In the record. */
  readonly surplusUsd: number;
  readonly usdPerMonth: number;
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

const hoursPerMonth = 730;
/** AWS Compute Optimizer sizes for the 99.5th percentile of CPU use: half a percent of the time may be above all vCPUs. */
export const allowedAbovePercent = 0.5;
/** As in the sizing of a run: AWS Compute Optimizer keeps a fifth of the memory free. */
const freeMemoryShare = 0.2;

type Runs = { readonly value: RecordCredits; readonly low: RecordCredits; readonly high: RecordCredits };

/** Judges one type; without the speed of its vCPU the figures are those of an equal one, and the verdict is inconclusive. */
export function judgeType(input: RecordInput, type: InstanceType, withCurve = true): RecordedInstance {
  const { of, record, start } = input;
  const known = speedOf(of, type);
  const speed = known ?? { ratio: 1, low: 1, high: 1 };
  const mode = input.mode ?? type.credits?.defaultMode ?? 'standard';
  const run = (ratio: number, more: { curve?: boolean; waits?: boolean } = {}) =>
    runRecord(type, demandOn(record, of, ratio), { mode, start, ...more });
  const value = run(speed.ratio, { curve: withCurve });
  const isExact = speed.low === speed.high;
  // A faster vCPU has less to do.
  const runs: Runs = { value, low: isExact ? value : run(speed.high), high: isExact ? value : run(speed.low) };
  const isServed = value.throttledMs === 0 && value.aboveMs === 0;
  const waiting = isServed ? value : run(speed.ratio, { waits: true });
  const atMost = aboveAtMostMs(record, of, speed.low, type.vcpus);
  const figures = {
    ...figuresOf(input, type, mode, runs, waiting),
    ...(atMost !== undefined && { aboveAllVcpusHoursAtMost: hours(Math.max(atMost, value.aboveMs)) }),
  };
  const checks = [
    ...(known ? [] : [speedUnknown(of, type)]),
    ...checkMemory(input, type),
    checkPeaks(record, type, runs, atMost),
    ...checkCredits(input, type, mode, runs, figures),
  ];
  return {
    instanceType: type.instanceType,
    ...(type.credits && { mode }),
    ...decide(input, checks),
    checks,
    ...figures,
    ...(known && !isExact && { speed: known, range: rangeOf(runs) }),
    curve: value.curve,
  };
}

/** The first check that fails, else the first that is inconclusive, else the last one: credits, or the vCPUs without them. */
function decide({ atLeast, record }: RecordInput, checks: readonly RecordCheck[]) {
  const failed = checks.find(({ verdict }) => verdict === 'does-not-fit');
  // The maxima of periods are more than what was used.
  if (failed && record.statistic === 'max' && failed.limit !== 'memory')
    return { verdict: 'inconclusive', limitedBy: 'measurement', because: { code: 'record-maxima-only' } } as const;
  if (failed) return { verdict: failed.verdict, limitedBy: failed.limit, because: failed.because };
  const open = checks.find(({ verdict }) => verdict === 'inconclusive');
  if (open) return { verdict: open.verdict, limitedBy: open.limit, because: open.because };
  if (atLeast) return { verdict: 'inconclusive', limitedBy: 'measurement', because: atLeast } as const;
  return { verdict: 'fits', because: (checks.at(-1) as RecordCheck).because } as const;
}

function speedUnknown(of: InstanceType, { instanceType }: InstanceType): RecordCheck {
  const because = { code: 'record-speed-unknown', of: of.instanceType, instanceType } as const;
  return { limit: 'measurement', verdict: 'inconclusive', because };
}

function checkMemory({ memoryBytes }: RecordInput, type: InstanceType): RecordCheck[] {
  if (memoryBytes === undefined) return [];
  const guestBytes = type.guestMemoryMiB * 1024 ** 2;
  const isTight = memoryBytes > guestBytes * (1 - freeMemoryShare);
  const verdict = memoryBytes > guestBytes ? 'does-not-fit' : isTight ? 'inconclusive' : 'fits';
  return [{ limit: 'memory', verdict, because: { code: 'record-memory', neededBytes: memoryBytes, guestBytes } }];
}

function checkPeaks(
  record: CpuRecord,
  type: InstanceType,
  { value, low, high }: Runs,
  atMost: number | undefined,
): RecordCheck {
  const totalMs = recordedMs(record);
  const percent = (ms: number) => (100 * ms) / totalMs;
  const most = Math.max(high.aboveMs, atMost ?? 0);
  const because = {
    code: 'record-peaks',
    vcpus: type.vcpus,
    aboveHours: hours(value.aboveMs),
    abovePercent: round(percent(value.aboveMs), 3),
    ...(atMost !== undefined && { abovePercentAtMost: round(percent(most), 3) }),
    allowedPercent: allowedAbovePercent,
  } as const;
  const isFine = percent(most) <= allowedAbovePercent;
  const verdict = isFine ? 'fits' : percent(low.aboveMs) > allowedAbovePercent ? 'does-not-fit' : 'inconclusive';
  return { limit: 'burst-cpu', verdict, because };
}

function checkCredits(
  { record }: RecordInput,
  type: InstanceType,
  mode: CreditMode,
  { low, high }: Runs,
  figures: Figures,
): RecordCheck[] {
  if (!type.credits) return [];
  const { meanPercent, firstThrottledAt, lowestCredits = 0, lowestAt = '' } = figures;
  const percentOfBaseline = meanPercent;
  if (mode === 'unlimited') {
    const surplusUsdPerMonth = perMonth(figures.surplusUsd, record);
    return [
      {
        limit: 'credits',
        verdict: 'fits',
        because: { code: 'record-unlimited', percentOfBaseline, surplusUsdPerMonth },
      },
    ];
  }
  const verdict = high.throttledMs === 0 ? 'fits' : low.throttledMs > 0 ? 'does-not-fit' : 'inconclusive';
  const uncertain = verdict === 'inconclusive';
  const fromStart = lowestAt === iso(record.begins[0] as number);
  if (firstThrottledAt === undefined)
    return [
      {
        limit: 'credits',
        verdict,
        because: { code: 'record-credits-last', percentOfBaseline, lowestCredits, lowestAt, fromStart, uncertain },
      },
    ];
  const { throttledHours, throttledHoursIfWorkWaits, unservedVcpuHours } = figures;
  const because = {
    code: 'record-credits-run-out',
    percentOfBaseline,
    firstThrottledAt,
    throttledHours,
    throttledHoursIfWorkWaits,
    unservedVcpuHours,
    uncertain,
  } as const;
  return [{ limit: 'credits', verdict, because }];
}

type Figures = ReturnType<typeof figuresOf>;

function figuresOf(
  { record }: RecordInput,
  type: InstanceType,
  mode: CreditMode,
  { value }: Runs,
  waiting: RecordCredits,
) {
  const { lowest, firstThrottledMs } = value;
  const usd = type.credits ? surplusUsd({ ...type, credits: type.credits }, value.surplusCharged) : 0;
  const isBurstable = type.credits !== undefined;
  const baselineVcpus = type.credits ? type.credits.creditsEarnedPerHour / 60 : type.vcpus;
  return {
    vcpus: type.vcpus,
    ...(lowest && { lowestCredits: round(lowest.credits, 3), lowestAt: iso(lowest.atMs) }),
    throttledHours: hours(value.throttledMs),
    throttledHoursIfWorkWaits: hours(waiting.throttledMs),
    ...(firstThrottledMs !== undefined && { firstThrottledAt: iso(firstThrottledMs) }),
    unservedVcpuHours: round(value.unservedMinutes / 60, 4),
    aboveAllVcpusHours: hours(value.aboveMs),
    surplusUsd: round(usd, 4),
    usdPerMonth: round(
      type.usdPerHour * hoursPerMonth + (isBurstable && mode === 'unlimited' ? perMonth(usd, record) : 0),
      4,
    ),
    meanPercent: round((100 * value.demandedMinutes) / (recordedMs(record) / 60_000) / baselineVcpus, 2),
  };
}

function rangeOf({ low, high }: Runs): NonNullable<RecordedInstance['range']> {
  return {
    ...(low.lowest &&
      high.lowest && { lowestCredits: [round(high.lowest.credits, 3), round(low.lowest.credits, 3)] as const }),
    throttledHours: [hours(low.throttledMs), hours(high.throttledMs)],
  };
}

/** The time that the periods cover. */
export function recordedMs({ begins, ends }: CpuRecord): number {
  let sum = 0;
  for (let index = 0; index < begins.length; index++) sum += (ends[index] as number) - (begins[index] as number);
  return sum;
}

function perMonth(usd: number, { begins, ends }: CpuRecord): number {
  const spanHours = ((ends.at(-1) as number) - (begins[0] as number)) / 3_600_000;
  return (usd / spanHours) * hoursPerMonth;
}

function hours(ms: number): number {
  return round(ms / 3_600_000, 4);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function iso(ms: number): string {
  return new Date(Math.round(ms)).toISOString();
}
