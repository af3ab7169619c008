// Files of recorded metrics -> the verdict on each type.

import type { CreditMode, InstanceType } from '../../model/catalogue/instance-catalogue.ts';
import type { CreditStart } from '../../model/credits/credit-lifecycle.ts';
import type { Finding } from '../../model/finding.ts';
import { type RecordedFile, refuseOtherHost } from '../../model/recorded/recorded-file.ts';
import type { RecordFinding } from '../schema/recorded-findings.ts';
import { type CpuRecord, findCpu } from './cpu-record.ts';
import { cutFiles, cutRecord } from './cut-record.ts';
import { type Grade, gradeRecord } from './grade-record.ts';
import { judgeType, type RecordedInstance } from './judge-type.ts';
import { findNetwork, hasNetwork } from './network-record.ts';
import { peakMemory } from './peak-memory.ts';
import { stopMs } from './record-bank.ts';
import { tooShort } from './record-checks.ts';
import { iso, type RecordInput, recordedMs } from './record-figures.ts';
import { wantedMore } from './wanted-more.ts';

export type RecordSizingInput = {
  readonly of: InstanceType;
  readonly types: readonly InstanceType[];
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly start: CreditStart;
  readonly mode?: CreditMode | undefined;
  /** The time of the verdict. */
  readonly nowMs?: number;
};

export type RecordSizing = {
  readonly history: {
    readonly of: string;
    readonly from: string;
    readonly to: string;
    /** The most frequent period of the points. */
    readonly intervalS: number;
    readonly points: number;
    /** Without a point; from an hour on they count as stops of the machine. */
    readonly gaps: readonly (readonly [from: string, to: string])[];
    readonly statistic: CpuRecord['statistic'];
    /** Highest use of memory; absent when it was not recorded. */
    readonly memoryBytes?: number;
    readonly files: readonly RecordFinding<'record-file'>[];
  };
  readonly instances: readonly RecordedInstance[];
  /** The credit bank against AWS's own figures; absent when the files have none. */
  readonly graded?: Grade;
  readonly recommendation: RecordFinding<'record-recommend' | 'record-undecided' | 'record-none'>;
  readonly notes: readonly Finding[];
};

const shortDays = 7;

/** The record and what a type is judged by. Throws a UserError when the files have no CPU use, or are of several machines. */
export function openRecord(
  files: readonly RecordedFile[],
  { of, fromMs, toMs, start, mode }: RecordSizingInput,
): RecordInput {
  refuseOtherHost(files);
  const record = cutRecord(findCpu(files), fromMs, toMs);
  const cut = cutFiles(files, fromMs, toMs);
  const found = { memoryBytes: peakMemory(cut, of), network: findNetwork(cut), atLeast: wantedMore(cut, record) };
  return { of, record, start, mode, ...found };
}

/** Judges the types by the files. Throws a UserError when the files have no CPU use. */
export function sizeRecord(
  files: readonly RecordedFile[],
  input: RecordSizingInput,
  opened = openRecord(files, input),
): RecordSizing {
  const { of, types, mode, nowMs = Number.POSITIVE_INFINITY } = input;
  const { record, memoryBytes } = opened;
  const instances = types.map((type) => judgeType(opened, type));
  const gaps = gapsOf(record);
  const graded = gradeRecord(files, record, of, mode);
  const endMs = record.ends.at(-1) as number;
  return {
    history: {
      of: of.instanceType,
      from: iso(record.begins[0] as number),
      to: iso(endMs),
      intervalS: record.intervalS,
      points: record.used.length,
      gaps: gaps.map(([from, to]) => [iso(from), iso(to)] as const),
      statistic: record.statistic,
      ...(memoryBytes !== undefined && { memoryBytes }),
      files: files.map(({ file, format, metrics }) => ({
        code: 'record-file',
        file,
        format,
        metrics: [...new Set(metrics.map(({ metric }) => metric))],
      })),
    },
    instances,
    ...(graded && { graded }),
    recommendation: recommend(of, instances),
    notes: [
      ...notesOfFiles(files),
      ...(endMs - record.intervalS * 1000 > nowMs ? [{ code: 'record-in-future', to: iso(endMs) } as const] : []),
      ...notesOf(record, gaps, of, types, instances, memoryBytes),
      ...(opened.network === undefined && hasNetwork(files) ? [{ code: 'network-not-summed' } as const] : []),
    ],
  };
}

/** Where a file is the last page, those before it miss none. */
function notesOfFiles(files: readonly RecordedFile[]): Finding[] {
  const lacksPages = ({ notes }: RecordedFile) => notes.some(({ code }) => code === 'more-pages');
  const isComplete = files.some((each) => each.format === 'cloudwatch-data' && !lacksPages(each));
  return files.flatMap(({ notes }) => notes).filter(({ code }) => !isComplete || code !== 'more-pages');
}

type Gap = readonly [fromMs: number, toMs: number];

/** Jitter of a second is no gap. */
const shortestGapMs = 1500;

function gapsOf({ begins, ends }: CpuRecord): Gap[] {
  const gaps: Gap[] = [];
  for (let index = 1; index < begins.length; index++) {
    const gap = [ends[index - 1] as number, begins[index] as number] as const;
    if (gap[1] - gap[0] > shortestGapMs) gaps.push(gap);
  }
  return gaps;
}

function notesOf(
  record: CpuRecord,
  gaps: readonly Gap[],
  of: InstanceType,
  types: readonly InstanceType[],
  instances: readonly RecordedInstance[],
  memoryBytes: number | undefined,
): RecordFinding[] {
  const hoursOf = (list: readonly Gap[]) => list.reduce((sum, [from, to]) => sum + (to - from), 0) / 3_600_000;
  const stops = gaps.filter(([from, to]) => to - from >= stopMs);
  const bridged = gaps.filter(([from, to]) => to - from < stopMs);
  const days = recordedMs(record) / 86_400_000;
  const smaller = types.filter(({ memoryGiB }) => memoryGiB < of.memoryGiB).map(({ instanceType }) => instanceType);
  const examples = stops.slice(0, 2).map(([from, to]) => `${iso(from)} to ${iso(to)}`);
  return [
    ...(memoryBytes === undefined && smaller.length > 0
      ? [{ code: 'memory-not-recorded', types: smaller } as const]
      : []),
    ...notesOfPeaks(record),
    ...(bridged.length > 0 ? [{ code: 'gaps-bridged', gaps: bridged.length, hours: hoursOf(bridged) } as const] : []),
    ...(stops.length > 0
      ? [{ code: 'gaps-are-stops', gaps: stops.length, hours: hoursOf(stops), examples } as const]
      : []),
    ...(days < shortDays && !tooShort(record) ? [{ code: 'record-short', days } as const] : []),
    ...instances.flatMap(({ instanceType, speed }) =>
      speed ? [{ code: 'vcpu-speed', of: of.instanceType, instanceType, ...speed } as const] : [],
    ),
  ];
}

/** Of so much of the time the maxima may be missing without a word. */
const fewPercent = 1;

function notesOfPeaks({ intervalS, peaks, statistic }: CpuRecord): RecordFinding<'peaks-not-recorded'>[] {
  if (intervalS <= 60 || statistic === 'max') return [];
  if (!peaks) return [{ code: 'peaks-not-recorded', intervalS }];
  const percentWithout = (100 * peaks.filter(Number.isNaN).length) / peaks.length;
  return percentWithout > fewPercent ? [{ code: 'peaks-not-recorded', intervalS, percentWithout }] : [];
}

const hoursPerMonth = 730;

/** The cheapest type that fits. */
function recommend(of: InstanceType, instances: readonly RecordedInstance[]): RecordSizing['recommendation'] {
  const price = ({ usdPerMonth = Number.MAX_VALUE }: RecordedInstance) => usdPerMonth;
  const byPrice = [...instances].sort((a, b) => price(a) - price(b));
  const best = byPrice.find(({ verdict }) => verdict === 'fits');
  if (best) {
    const { instanceType, usdPerMonth } = best;
    const saves = (of.usdPerHour ?? Number.NaN) * hoursPerMonth - (usdPerMonth ?? Number.NaN);
    return {
      code: 'record-recommend',
      instanceType,
      ...(usdPerMonth !== undefined && { usdPerMonth }),
      ...(saves > 0 && { savesUsdPerMonth: saves, of: of.instanceType }),
    };
  }
  const open = byPrice.find(({ verdict }) => verdict === 'inconclusive');
  if (open) return { code: 'record-undecided', instanceType: open.instanceType, because: open.because };
  return { code: 'record-none' };
}
