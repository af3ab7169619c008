// The rows of the table behind a timeline: one second each, or an interval of a long run.
import { max, min } from 'd3-array';
import * as z from 'zod';
import type { BlockTarget } from '../../model/block.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import type { HostSecond } from './host-seconds.ts';
import type { LoadSecond } from './load-seconds.ts';
import type { Sample } from './series.ts';

/** CPU of the host in percent of all cores, by kind. */
export const cpuSampleSchema = z.object({
  atS: z.number(),
  user: z.number(),
  system: z.number(),
  iowait: z.number(),
  stolen: z.number(),
});
export type CpuSample = z.infer<typeof cpuSampleSchema>;

/** A row of the table: one second, or an interval of a long run. */
export const rowSchema = z.object({
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
  /** Busiest sample: of the instance where its own CPU is known, else everything but idle of the host. */
  cpuPercent: z.number().exactOptional(),
});
export type TimelineRow = z.infer<typeof rowSchema>;

const mostRows = 120;

/** The stages of a run; during a run, those that have started. */
export type TimedRun = {
  readonly target?: BlockTarget;
  readonly stages: readonly Pick<
    StageRecord,
    | 'name'
    | 'role'
    | 'connections'
    | 'arrivalRatePerS'
    | 'durationS'
    | 'startedAt'
    | 'finishedAt'
    | 'command'
    | 'aborted'
    | 'blocks'
  >[];
};

/** Equal intervals, so that load and host share a row whatever their phase. `instanceCpu`: of the instance, in percent of its type. */
export function makeRows(
  run: TimedRun,
  load: readonly LoadSecond[],
  host: readonly HostSecond[],
  instanceCpu: readonly Sample[] = [],
): TimelineRow[] {
  const endS = Math.max(0, ...[load.at(-1), host.at(-1)].map((last) => (last ? last.atS + 0.5 : 0)));
  const stepS = Math.max(1, Math.ceil(endS / mostRows));
  const hostCpu = host.filter(hasCpu).map((each): Sample => [each.atS, busy(cpuSample(each))]);
  const rows = new Map<number, { load: LoadSecond[]; cpu: Sample[] }>();
  const row = (atS: number) => {
    const key = Math.max(0, Math.floor(atS / stepS));
    const known = rows.get(key) ?? { load: [], cpu: [] };
    rows.set(key, known);
    return known;
  };
  for (const second of load) row(second.atS).load.push(second);
  for (const { atS } of host) row(atS);
  for (const sample of instanceCpu.length > 0 ? instanceCpu : hostCpu) row(sample[0]).cpu.push(sample);
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
          throughputPerS: { min: min(throughput) as number, max: max(throughput) as number },
        }),
        ...highest('p50Us', seconds.load, (each) => each.p50Us),
        ...highest('p99Us', seconds.load, (each) => each.p99Us),
        ...highest('errorsPerS', seconds.load, (each) => each.errorsPerS),
        ...highest('cpuPercent', seconds.cpu, ([, percent]) => percent),
      };
    });
}

function highest<K extends string, T>(key: K, items: readonly T[], value: (item: T) => number | undefined) {
  const found = max(items, value);
  return (found === undefined ? {} : { [key]: found }) as Partial<Record<K, number>>;
}

export function hasCpu(second: HostSecond): boolean {
  return second.metrics['system.cpu.user'] !== undefined;
}

/** A kind that the platform does not give (no hypervisor: nothing stolen) adds nothing to the stack. */
export function cpuSample({ atS, metrics }: HostSecond): CpuSample {
  const of = (kind: string) => metrics[`system.cpu.${kind}`] ?? 0;
  return { atS, user: of('user'), system: of('system'), iowait: of('iowait'), stolen: of('stolen') };
}

export function busy(sample: CpuSample): number {
  return sample.user + sample.system + sample.iowait + sample.stolen;
}
