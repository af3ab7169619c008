// The seconds of a run as charts draw them: one time axis for load and host, thinned so that peaks survive.
import * as z from 'zod';
import type { StageRecord } from '../../model/run-record.ts';
import { arrivalRateSchema, stageRoleSchema } from '../../model/second.ts';
import { formatDuration } from '../format/format.ts';
import type { HostSecond, LoadSecond, Seconds } from './seconds.ts';
import { groups, type Series, splitAtGaps, thin } from './series.ts';

const sample = z.tuple([z.number(), z.number()]).readonly();
const series = z.array(z.array(sample).readonly()).readonly();

/** CPU of the host in percent of all cores, by kind. */
const cpuSampleSchema = z.object({
  atS: z.number(),
  user: z.number(),
  system: z.number(),
  iowait: z.number(),
  stolen: z.number(),
});
export type CpuSample = z.infer<typeof cpuSampleSchema>;

/** A stretch of time as a table shows it: one second, or several of a long run. */
const rowSchema = z.object({
  fromS: z.number(),
  toS: z.number(),
  stage: z.string(),
  /** Lowest and highest second. */
  throughputPerS: z.object({ min: z.number(), max: z.number() }).exactOptional(),
  /** Of the worst second. */
  p50Us: z.number().exactOptional(),
  p99Us: z.number().exactOptional(),
  /** Of the worst second. */
  errorsPerS: z.number().exactOptional(),
  /** Busiest sample: everything but idle. */
  cpuPercent: z.number().exactOptional(),
});
export type TimelineRow = z.infer<typeof rowSchema>;

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
  /** What happened at one moment: a command that was run beside the load, a stage that was ended before its time. */
  marks: z.array(z.object({ atS: z.number(), name: z.string() })),
  throughputPerS: series,
  p50Us: series,
  p99Us: series,
  errorsPerS: series,
  cpu: z.array(z.array(cpuSampleSchema)),
  /** Requests without an answer at the end of each second. */
  inFlight: series,
  /** Percent in use of each core; empty when cores were not told apart. */
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
  /** What was left out or moved, in plain words. */
  notes: z.array(z.string()),
});
export type Timeline = z.infer<typeof timelineSchema>;

/** More points than a wide chart has pixels for show nothing more. */
const mostSamples = 600;
const mostRows = 120;
/** The lower charts are lower. */
const mostBelow = 300;
/** More lines over each other cannot be told apart. */
const mostCores = 8;
/** Seconds further apart than this are not joined by a line. */
const gapS = 2.6;

/** What it needs to know of the stages; of a run that still goes, those that have begun. */
export type TimedRun = {
  readonly stages: readonly Pick<
    StageRecord,
    'name' | 'role' | 'connections' | 'arrivalRatePerS' | 'durationS' | 'startedAt' | 'command' | 'aborted'
  >[];
};

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
  return {
    beginS: Math.max(0, Math.min(endS, ...firsts(stageStarts, load, host))),
    durationS: endS,
    stages: run.stages.map((stage, index) => ({
      name: stage.name,
      role: stage.role,
      ...(stage.connections !== undefined && { connections: stage.connections }),
      ...(stage.arrivalRatePerS && { arrivalRatePerS: stage.arrivalRatePerS }),
      fromS: stageStarts[index] ?? 0,
      toS: Math.min((stageStarts[index] ?? 0) + stage.durationS, stageStarts[index + 1] ?? endS),
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
    instanceCpu: unbroken(seconds.instanceCpu),
    rows: makeRows(run, load, host),
    notes: [
      ...(longest > mostSamples
        ? [
            `The charts are thinned: of every ${formatDuration(Math.ceil((2 * longest) / mostSamples))} the lowest and the highest second stay, of CPU the busiest, so no peak is lost. Every second is in seconds.csv.`,
          ]
        : []),
      ...(setBackS > 0
        ? [`The clock was set back by ${formatDuration(setBackS)} during the run; later times are moved on by as much.`]
        : []),
    ],
  };
}

function marksOf({ stages }: TimedRun, starts: readonly number[], endS: number): Timeline['marks'] {
  return stages.flatMap(({ command, aborted, durationS, startedAt }, index) => {
    const startS = starts[index];
    if (startS === undefined) return [];
    const begin = (at: string) => startS + (Date.parse(at) - Date.parse(startedAt)) / 1000;
    return [
      ...(command
        ? [
            { atS: begin(command.startedAt), name: 'command begins' },
            { atS: Math.min(endS, begin(command.startedAt) + command.durationS), name: 'command ends' },
          ]
        : []),
      ...(aborted === undefined
        ? []
        : [{ atS: startS + durationS, name: aborted.code === 'autostop' ? 'autostop' : 'ended early' }]),
    ];
  });
}

/** A balance and CloudWatch's figures come minutes apart: no gap between two means that they were lost. */
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

function hasCpu(second: HostSecond): boolean {
  return second.metrics['system.cpu.user'] !== undefined;
}

/** A kind that the platform does not give (no hypervisor: nothing stolen) adds nothing to the stack. */
function cpuSample({ atS, metrics }: HostSecond): CpuSample {
  const of = (kind: string) => metrics[`system.cpu.${kind}`] ?? 0;
  return { atS, user: of('user'), system: of('system'), iowait: of('iowait'), stolen: of('stolen') };
}

function busy(sample: CpuSample): number {
  return sample.user + sample.system + sample.iowait + sample.stolen;
}

function busiestOf(stretch: readonly CpuSample[], size: number): CpuSample[] {
  if (size <= 2) return [...stretch];
  return groups(stretch, size).map((group) => group.reduce((best, each) => (busy(each) > busy(best) ? each : best)));
}

function medianInterval(host: readonly HostSecond[]): number {
  const sorted = host.map((second) => second.intervalS).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 1;
}

/** Equal stretches of time, so that load and host share a row whatever their phase. */
function makeRows(run: TimedRun, load: readonly LoadSecond[], host: readonly HostSecond[]): TimelineRow[] {
  const endS = Math.max(0, ...[load.at(-1), host.at(-1)].map((last) => (last ? last.atS + 0.5 : 0)));
  const stepS = Math.max(1, Math.ceil(endS / mostRows));
  const rows = new Map<number, { load: LoadSecond[]; host: HostSecond[] }>();
  const row = (atS: number) => {
    const key = Math.max(0, Math.floor(atS / stepS));
    const known = rows.get(key) ?? { load: [], host: [] };
    rows.set(key, known);
    return known;
  };
  for (const second of load) row(second.atS).load.push(second);
  for (const second of host) row(second.atS).host.push(second);
  return [...rows]
    .sort(([a], [b]) => a - b)
    .map(([key, seconds]) => {
      const throughput = seconds.load.map((each) => each.throughputPerS);
      const stage = seconds.load[0]?.stage;
      return {
        fromS: key * stepS,
        toS: (key + 1) * stepS,
        stage: stage === undefined ? '' : (run.stages[stage]?.name ?? ''),
        ...(throughput.length > 0 && {
          throughputPerS: { min: Math.min(...throughput), max: Math.max(...throughput) },
        }),
        ...highest('p50Us', seconds.load, (each) => each.p50Us),
        ...highest('p99Us', seconds.load, (each) => each.p99Us),
        ...highest('errorsPerS', seconds.load, (each) => each.errorsPerS),
        ...highest('cpuPercent', seconds.host.filter(hasCpu), (each) => busy(cpuSample(each))),
      };
    });
}

function highest<K extends string, T>(key: K, items: readonly T[], value: (item: T) => number | undefined) {
  const found = items.map(value).filter((each) => each !== undefined);
  return (found.length > 0 ? { [key]: Math.max(...found) } : {}) as Partial<Record<K, number>>;
}
