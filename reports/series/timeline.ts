// The seconds of a run as charts draw them: one time axis for load and host, thinned so that peaks survive.
import * as z from 'zod';
import { arrivalRateSchema, stageRoleSchema } from '../../model/second.ts';
import { formatDuration } from '../format/format.ts';
import type { HostSecond } from './host-seconds.ts';
import { instanceSeries } from './instance-series.ts';
import type { LoadSecond } from './load-seconds.ts';
import type { Seconds } from './seconds.ts';
import { groups, type Series, splitAtGaps, thin } from './series.ts';
import {
  busy,
  type CpuSample,
  cpuSample,
  cpuSampleSchema,
  hasCpu,
  makeRows,
  rowSchema,
  type TimedRun,
} from './timeline-rows.ts';

const sample = z.tuple([z.number(), z.number()]).readonly();
const series = z.array(z.array(sample).readonly()).readonly();

export const timelineSchema = z.object({
  /** The first stage or sample: what comes before is preparation. */
  beginS: z.number(),
  durationS: z.number().nonnegative(),
  stages: z.array(
    z.object({
      name: z.string(),
      role: stageRoleSchema,
      connections: z.number().exactOptional(),
      arrivalRatePerS: arrivalRateSchema.exactOptional(),
      fromS: z.number(),
      toS: z.number(),
    }),
  ),
  /** Events: a command that ran beside the load, a stage that ended early. */
  marks: z.array(z.object({ atS: z.number(), name: z.string() })),
  throughputPerS: series,
  p50Us: series,
  p99Us: series,
  errorsPerS: series,
  cpu: z.array(z.array(cpuSampleSchema)),
  /** Requests without an answer at the end of each second. */
  inFlight: series,
  /** Percent in use of each core; empty when cores were not observed one by one. */
  cores: z.array(series),
  load1: series,
  /** In bytes: of the app's processes, and of the whole host. */
  appMemory: series,
  hostMemory: series,
  /** CPU credit balance. */
  credits: series,
  /** CPU of the instance, in percent of what its type has; what a hypervisor or a quota held back is not part of it. */
  instanceCpu: series.default([]),
  rows: z.array(rowSchema),
  /** What was left out or shifted, as sentences. */
  notes: z.array(z.string()),
});
export type Timeline = z.infer<typeof timelineSchema>;

/** More points than a wide chart has pixels show nothing more. */
const mostSamples = 600;
/** The lower charts are lower. */
const mostBelow = 300;
/** More lines in one plot cannot be distinguished. */
const mostCores = 8;
/** Seconds further apart than this are not joined by a line. */
const gapS = 2.6;

/** The run's time axis from its seconds. Seconds since `run.startedAt`, rates per second, latency in microseconds. */
export function makeTimeline(run: TimedRun, seconds: Seconds): Timeline {
  const { load, host, setBackS, stageStarts, endS } = seconds;
  const pick = (value: (second: LoadSecond) => number | undefined, most = mostSamples): Series =>
    pickSeries(load, value, gapS, most);
  const interval = medianInterval(host);
  const hostGapS = Math.max(gapS, 2.6 * interval);
  const sample = (value: (second: HostSecond) => number | undefined): Series =>
    pickSeries(host, value, hostGapS, mostBelow);
  const cores = host.reduce((most, second) => Math.max(most, second.cores?.length ?? 0), 0);
  const cpu = splitAtGaps(host.filter(hasCpu).map(cpuSample), (each) => each.atS, hostGapS);
  const longest = Math.max(load.length, host.length);
  const placed = run.stages.map((stage, index) => {
    const fromS = stageStarts[index] ?? 0;
    return { ...stage, fromS, toS: Math.min(fromS + lengthOf(stage), stageStarts[index + 1] ?? endS) };
  });
  return {
    beginS: Math.max(0, Math.min(endS, ...firsts(stageStarts, load, host))),
    durationS: endS,
    stages: placed.map(({ name, role, connections, arrivalRatePerS, fromS, toS }) => ({
      name,
      role,
      ...(connections !== undefined && { connections }),
      ...(arrivalRatePerS && { arrivalRatePerS }),
      fromS,
      toS,
    })),
    marks: marksOf(run, stageStarts, endS),
    throughputPerS: pick((second) => second.throughputPerS),
    p50Us: pick((second) => second.p50Us),
    p99Us: pick((second) => second.p99Us),
    errorsPerS: pick((second) => second.errorsPerS),
    cpu: cpu.map((stretch) => busiestOf(stretch, Math.ceil((2 * longest) / mostSamples))),
    inFlight: pick((second) => second.open, mostBelow),
    cores:
      cores > mostCores ? [] : Array.from({ length: cores }, (_, core) => sample((second) => second.cores?.[core])),
    load1: sample((second) => second.metrics['system.load.1']),
    appMemory: sample((second) => second.metrics['app.mem.rss']),
    hostMemory: sample((second) => second.metrics['system.mem.used']),
    credits: unbroken(seconds.credits),
    instanceCpu: instanceSeries(seconds.instanceCpu, { target: run.target, stages: placed }, { gapS, most: mostBelow }),
    rows: makeRows(run, load, host, seconds.instanceCpu),
    notes: [
      ...(longest > mostSamples
        ? [
            `The charts show the lowest and the highest second of every ${formatDuration(Math.ceil((2 * longest) / mostSamples))}, and the busiest sample of the CPU, so no peak is lost. Every second is in seconds.csv.`,
          ]
        : []),
      ...(setBackS > 0
        ? [
            `The clock was set back by ${formatDuration(setBackS)} during the run; later times are shifted by the same amount.`,
          ]
        : []),
    ],
  };
}

/** From begin to end: of a stage in blocks longer than its load, since another run has its turns between them. */
function lengthOf({ startedAt, finishedAt, durationS }: TimedRun['stages'][number]): number {
  return finishedAt === undefined
    ? durationS
    : Math.max(durationS, (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
}

function marksOf({ stages }: TimedRun, starts: readonly number[], endS: number): Timeline['marks'] {
  return stages.flatMap(({ command, aborted, durationS, startedAt }, index) => {
    const startS = starts[index];
    if (startS === undefined) return [];
    const begin = (at: string) => startS + (Date.parse(at) - Date.parse(startedAt)) / 1000;
    return [
      ...(command
        ? [
            { atS: begin(command.startedAt), name: 'command starts' },
            { atS: Math.min(endS, begin(command.startedAt) + command.durationS), name: 'command ends' },
          ]
        : []),
      ...(aborted === undefined
        ? []
        : [{ atS: startS + durationS, name: aborted.code === 'autostop' ? 'autostop' : 'ended early' }]),
    ];
  });
}

/** A balance comes minutes apart: no gap between two means that they were lost. */
function unbroken(samples: readonly (readonly [number, number])[]): Series {
  return thin(
    splitAtGaps(samples, ([atS]) => atS, Number.POSITIVE_INFINITY),
    mostBelow,
  );
}

function pickSeries<T extends { readonly atS: number }>(
  items: readonly T[],
  value: (item: T) => number | undefined,
  gap: number,
  most: number,
): Series {
  const samples = items.flatMap((item) => {
    const found = value(item);
    return found === undefined ? [] : [[item.atS, found] as const];
  });
  return thin(
    splitAtGaps(samples, ([atS]) => atS, gap),
    most,
  );
}

function firsts(stageStarts: readonly number[], load: readonly LoadSecond[], host: readonly HostSecond[]): number[] {
  return [stageStarts[0], load[0]?.atS, host[0]?.atS].filter((each) => each !== undefined);
}

function busiestOf(stretch: readonly CpuSample[], size: number): CpuSample[] {
  if (size <= 2) return [...stretch];
  return groups(stretch, size).map((group) => group.reduce((best, each) => (busy(each) > busy(best) ? each : best)));
}

function medianInterval(host: readonly HostSecond[]): number {
  const sorted = host.map((second) => second.intervalS).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 1;
}
