// The checks of a type against a record, in their order: memory, vCPUs, credits; network is in network-record.ts.
import type { CreditMode, InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import type { RecordCheckFindings, RecordFinding } from '../schema/recorded-findings.ts';
import type { SizeVerdict } from '../sizing/fits/check.ts';
import type { CpuRecord } from './cpu-record.ts';
import type { PeakBounds } from './peak-bounds.ts';
import {
  hours,
  iso,
  type RecordFigures,
  type RecordInput,
  type RecordRuns,
  recordedMs,
  round,
} from './record-figures.ts';

export type RecordCheck = {
  readonly limit: 'memory' | 'burst-cpu' | 'credits' | 'network' | 'measurement';
  readonly verdict: SizeVerdict;
  readonly because: RecordFinding<keyof RecordCheckFindings>;
};

/** AWS Compute Optimizer sizes for the 99.5th percentile of CPU use: half a percent of the time may be above all vCPUs. */
const allowedAbovePercent = 0.5;
/** As in the sizing of a run: AWS Compute Optimizer keeps a fifth of the memory free. */
const freeMemoryShare = 0.2;

/** A day, less a point or two. */
const leastMs = 23 * 3_600_000;

/** For a record that does not show a day; undefined for a longer one. */
export function tooShort(record: CpuRecord): RecordFinding<'record-too-short'> | undefined {
  const coveredMs = recordedMs(record);
  return coveredMs < leastMs ? { code: 'record-too-short', hours: hours(coveredMs) } : undefined;
}

const longestAverageS = 3600;

/** For averages that hide the busy hours; undefined where points are shorter, or maxima show them. */
export function tooCoarse({ intervalS, peaks, statistic }: CpuRecord): RecordFinding<'record-too-coarse'> | undefined {
  const isHidden = intervalS > longestAverageS && !peaks && statistic === 'avg';
  return isHidden ? { code: 'record-too-coarse', intervalS } : undefined;
}

/** For a type whose vCPU cannot be compared. */
export function speedUnknown(of: InstanceType, { instanceType }: InstanceType): RecordCheck {
  const because = { code: 'record-speed-unknown', of: of.instanceType, instanceType } as const;
  return { limit: 'measurement', verdict: 'inconclusive', because };
}

/** The highest use of memory; empty where it was not recorded. */
export function checkMemory({ memoryBytes }: RecordInput, type: InstanceType): RecordCheck[] {
  if (memoryBytes === undefined) return [];
  const guestBytes = type.guestMemoryMiB * 1024 ** 2;
  const isTight = memoryBytes > guestBytes * (1 - freeMemoryShare);
  const verdict = memoryBytes > guestBytes ? 'does-not-fit' : isTight ? 'inconclusive' : 'fits';
  return [{ limit: 'memory', verdict, because: { code: 'record-memory', neededBytes: memoryBytes, guestBytes } }];
}

/** How long the demand was above all vCPUs: by the means, and by the maxima within the periods where they were recorded. */
export function checkPeaks(
  record: CpuRecord,
  type: InstanceType,
  { value, low, high }: RecordRuns,
  peaks: PeakBounds | undefined,
): RecordCheck {
  const totalMs = recordedMs(record);
  const percent = (ms: number) => round((100 * ms) / totalMs, 3);
  const [least, most] = [percent(peaks?.leastMs ?? low.aboveMs), percent(peaks?.mostMs ?? high.aboveMs)];
  const because = {
    code: 'record-peaks',
    vcpus: type.vcpus,
    aboveHours: hours(value.aboveMs),
    abovePercent: percent(value.aboveMs),
    ...(peaks && { percentByMaxima: [least, most] as const }),
    allowedPercent: allowedAbovePercent,
    ...(type.promisedVcpus !== undefined && { promised: true as const }),
  } as const;
  const isTooMuch = least > allowedAbovePercent && type.promisedVcpus === undefined;
  const verdict = most <= allowedAbovePercent ? 'fits' : isTooMuch ? 'does-not-fit' : 'inconclusive';
  return { limit: 'burst-cpu', verdict, because };
}

/** Whether the credits last; empty for a type of fixed performance. */
export function checkCredits(
  { record }: RecordInput,
  type: InstanceType,
  mode: CreditMode,
  { low, high }: RecordRuns,
  figures: RecordFigures,
): RecordCheck[] {
  if (!type.credits) return [];
  const { meanPercent, firstThrottledAt, lowestCredits = 0, lowestAt = '' } = figures;
  const percentOfBaseline = meanPercent;
  if (mode === 'unlimited') {
    const { surplusUsdPerMonth } = figures;
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
