// The CPU that a machine used, out of the files that recorded it.
import type { TracePeriod } from '../../model/credits/credit-replay.ts';
import { isCpuPercent } from '../../model/recorded/metric-name.ts';
import type { RecordedFile, Statistic } from '../../model/recorded/recorded-file.ts';
import { UserError } from '../../model/user-error.ts';
import { joinMetric, type RecordedSeries } from './join-metrics.ts';

/** In order of time, in percent of all vCPUs: point `i` is the mean over `begins[i]` to `ends[i]` in milliseconds since 1970. */
export type CpuRecord = {
  readonly begins: Float64Array;
  readonly ends: Float64Array;
  /** CPU in use, and wanted but stolen by the hypervisor. */
  readonly used: Float64Array;
  /** The highest sample within each period, where any was recorded; NaN for a period without one. */
  readonly peaks?: Float64Array;
  /** Length of those samples in seconds, where it is known. */
  readonly sampleS?: number;
  /** `max`: only the maxima of the periods were recorded, so the machine used less. */
  readonly statistic: 'avg' | 'max';
  /** Share of each period that the hypervisor took. */
  readonly stolen?: Float64Array;
  /** The most frequent length of a period, in seconds. */
  readonly intervalS: number;
};

/** Throws a UserError when the files have no CPU use of all kinds. */
export function findCpu(files: readonly RecordedFile[]): CpuRecord {
  const of = (metric: string, statistic: Statistic) => joinMetric(files, metric, statistic);
  const found = cloudWatchCpu(of) ?? kernelCpu(of);
  if (found) return withPeaks(files, { ...found, intervalS: usualPeriod(found) });
  const all = files.flatMap(({ metrics }) => metrics);
  const metrics = [
    ...new Set(all.map(({ metric, statistic }) => (statistic === 'avg' ? metric : `${metric} (${statistic})`))),
  ];
  const only = all.some(({ metric }) => isCpuPercent(metric))
    ? 'neither averages nor maxima of all CPU use'
    : 'no CPU use';
  throw new UserError(
    `the files have ${only}, only ${metrics.join(', ')}. Record CPUUtilization (CloudWatch) or system.cpu.idle (Datadog)`,
  );
}

/** Maxima that are the means were taken of single samples as long as the period: they show no peaks. */
function withPeaks(files: readonly RecordedFile[], record: CpuRecord): CpuRecord {
  const { peaks, ...rest } = record;
  if (!peaks?.some((peak, index) => peak > (record.used[index] as number))) return rest;
  const lengths = files
    .filter(({ metrics }) => metrics.some((each) => isCpuPercent(each.metric) && /^(max|min)$/.test(each.statistic)))
    .map(({ sampleS }) => sampleS ?? Number.NaN);
  const sampleS = Math.max(...lengths);
  return { ...record, ...(sampleS > 0 && { sampleS }) };
}

type Find = (metric: string, statistic: Statistic) => RecordedSeries | undefined;
type Found = Omit<CpuRecord, 'intervalS'>;

function cloudWatchCpu(of: Find): Found | undefined {
  const [mean, peak] = [of('aws.ec2.cpuutilization', 'avg'), of('aws.ec2.cpuutilization', 'max')];
  if (!mean) return peak && { begins: peak.begins, ends: peak.ends, used: peak.values, statistic: 'max' };
  const { begins, ends, values } = mean;
  return { begins, ends, used: values, statistic: 'avg', ...(peak && { peaks: highestWithin(mean, peak) }) };
}

/** All that is not idle: iowait is idle time too, and stolen time was wanted. */
function kernelCpu(of: Find): Found | undefined {
  const idle = of('system.cpu.idle', 'avg');
  const leastIdle = of('system.cpu.idle', 'min');
  const base = idle ?? leastIdle;
  if (!base) return sumOfKinds(of);
  const waiting = of('system.cpu.iowait', 'avg');
  const used = busyOf(base, waiting && idle ? alignTo(base, waiting, 0) : undefined);
  const stolen = of('system.cpu.stolen', 'avg') ?? of('system.cpu.stolen', 'max');
  return {
    begins: base.begins,
    ends: base.ends,
    used,
    statistic: idle ? 'avg' : 'max',
    ...(idle && leastIdle && { peaks: highestWithin(idle, { ...leastIdle, values: busyOf(leastIdle, undefined) }) }),
    ...(stolen && { stolen: alignTo(base, stolen, 0) }),
  };
}

function busyOf({ values }: RecordedSeries, waiting: Float64Array | undefined): Float64Array {
  const busy = new Float64Array(values.length);
  for (let index = 0; index < busy.length; index++)
    busy[index] = Math.max(0, 100 - (values[index] as number) - (waiting?.[index] ?? 0));
  return busy;
}

/** Work besides user and system time, where a program counts it apart from those. */
const otherKinds = ['nice', 'irq', 'softirq'] as const;

/** Without idle time: all kinds of work, and what was stolen. */
function sumOfKinds(of: Find): Found | undefined {
  const [user, system] = [of('system.cpu.user', 'avg'), of('system.cpu.system', 'avg')];
  if (!user || !system) return undefined;
  const stolenSeries = of('system.cpu.stolen', 'avg');
  const stolen = stolenSeries && alignTo(user, stolenSeries, 0);
  const others = otherKinds.flatMap((kind) => of(`system.cpu.${kind}`, 'avg') ?? []);
  const parts = [
    alignTo(user, system, 0),
    ...others.map((each) => alignTo(user, each, 0)),
    ...(stolen ? [stolen] : []),
  ];
  const used = user.values.map((value, index) =>
    Math.min(
      100,
      parts.reduce((sum, part) => sum + (part[index] as number), value),
    ),
  );
  return { begins: user.begins, ends: user.ends, used, statistic: 'avg', ...(stolen && { stolen }) };
}

/** The highest of the maxima that together cover a period; NaN for a period that they do not cover. */
function highestWithin({ begins, ends }: RecordedSeries, maxima: RecordedSeries): Float64Array {
  let place = 0;
  return begins.map((begin, index) => {
    const end = ends[index] as number;
    while (place < maxima.ends.length && (maxima.ends[place] as number) <= begin) place++;
    let [highest, coveredMs] = [Number.NEGATIVE_INFINITY, 0];
    for (let at = place; at < maxima.begins.length && (maxima.begins[at] as number) < end; at++) {
      const [from, to] = [maxima.begins[at] as number, maxima.ends[at] as number];
      const commonMs = Math.min(end, to) - Math.max(begin, from);
      // The maximum of a longer period can be from outside this one.
      if (commonMs < (to - from) / 2) continue;
      coveredMs += commonMs;
      highest = Math.max(highest, maxima.values[at] as number);
    }
    return coveredMs >= 0.99 * (end - begin) ? highest : Number.NaN;
  });
}

/** The values of another metric at the times of the first; where it has none, `without`. */
function alignTo(to: RecordedSeries, other: RecordedSeries, without: number): Float64Array {
  let place = 0;
  return to.begins.map((at) => {
    while (place < other.begins.length && (other.begins[place] as number) < at) place++;
    return other.begins[place] === at ? (other.values[place] as number) : without;
  });
}

function usualPeriod({ begins, ends }: Found): number {
  const counts = new Map<number, number>();
  for (let index = 0; index < begins.length; index++) {
    const seconds = Math.round(((ends[index] as number) - (begins[index] as number)) / 1000);
    counts.set(seconds, (counts.get(seconds) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}

const longestGapMs = 3_600_000;

/** The record as the trace of a replay, gaps with the mean of their edges. A gap of an hour or more is a UserError. */
export function traceOf({ begins, ends, used }: CpuRecord, file: string): TracePeriod[] {
  const trace: TracePeriod[] = [];
  for (let index = 0; index < used.length; index++) {
    const [begin, percent] = [begins[index] as number, used[index] as number];
    const gapMs = index === 0 ? 0 : begin - (ends[index - 1] as number);
    if (gapMs >= longestGapMs)
      throw new UserError(
        `${file} has no points from ${new Date(ends[index - 1] as number).toISOString()} to ${new Date(begin).toISOString()}. Use size history, which counts that as a stop of the machine`,
      );
    const mean = (percent + (used[index - 1] ?? percent)) / 2;
    if (gapMs > 0) trace.push({ hours: gapMs / 3_600_000, cpuUtilizationPercent: mean });
    trace.push({ hours: ((ends[index] as number) - begin) / 3_600_000, cpuUtilizationPercent: percent });
  }
  return trace;
}
