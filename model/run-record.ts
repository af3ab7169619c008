// run.json: what was asked, on what, and what happened. A later phase wraps it and never edits it.
import * as z from 'zod';
import { findingSchema } from './finding.ts';
import { profileSchema, routeSchema } from './profile.ts';
import { replaySchema } from './replay-record.ts';
import { stageRecordSchema } from './stage/stage-record.ts';

const count = z.number().int().nonnegative();
const us = z.number().nonnegative();
const perS = z.number().positive();

const targetSchema = z.object({
  /** What the load was sent to. */
  url: z.string(),
  /** The shortener (its request mix), or one URL of any web app. */
  kind: z.enum(['shortener', 'url']),
  /** The harness started it for this run, or it was there before. */
  startedByHarness: z.boolean(),
  instanceType: z.string().exactOptional(),
  vcpus: z.number().positive().exactOptional(),
  memoryGiB: z.number().positive().exactOptional(),
  /** Share of a core of this machine that one vCPU was, when the instance was emulated. */
  vcpuShare: z.number().positive().exactOptional(),
  /**
   * The same at the baseline performance, when headroom chose both: with credits as many whole cores as were free for the vCPUs, without
   * them a whole core's speed. Rates are then those of whole vCPUs. Absent when the user chose one share for both, and in older records.
   */
  vcpuShareAtBaseline: z.number().positive().exactOptional(),
  /** CPU-seconds of this machine that the app needed until it listened, when the instance was emulated. */
  startCpuS: z.number().nonnegative().exactOptional(),
  /** Bandwidth in each direction that the emulated instance was limited to; absent: not limited. */
  networkMbps: z.number().positive().exactOptional(),
  /** Processes that answer. */
  workers: count.exactOptional(),
  /** What else the machine of the app has, as the user declared it (--with): names of box-programs.json. */
  with: z.array(z.string()).readonly().exactOptional(),
  /** nginx that was started before the app, in the path of the load; absent when headroom started none. */
  nginx: z.object({ version: z.string(), workers: count }).exactOptional(),
  /** Of the app's source, when it is ours. */
  commit: z.string().exactOptional(),
});
export type Target = z.infer<typeof targetSchema>;

const generatorSchema = z.object({
  hostname: z.string(),
  platform: z.string(),
  cpuModel: z.string(),
  cores: z.number().int().positive(),
  memoryGiB: z.number().positive(),
  /** headroom, node, autocannon ... */
  versions: z.record(z.string(), z.string()),
  processes: z.number().int().positive(),
  /** Over the measured stages: the busiest second and the mean of all; absent before any was measured. */
  eventLoopUtilization: z.object({ mean: z.number(), max: z.number() }).exactOptional(),
  /** In percent of one core, by process and second. */
  cpuPercent: z.object({ mean: z.number(), max: z.number() }).exactOptional(),
});
export type Generator = z.infer<typeof generatorSchema>;

const outOfMemorySchema = z.object({
  /** Processes of the app, by the kernel's count (oom_kill). */
  killed: z.number().int().positive(),
  /** The memory of the emulated instance. */
  limitBytes: z.number().positive(),
});
export type OutOfMemory = z.infer<typeof outOfMemorySchema>;

export const validitySchema = z.object({
  /** Whether the measurement can be trusted, apart from whether the target passed. */
  verdict: z.enum(['valid', 'invalid', 'inconclusive']),
  /** Empty when valid. */
  reasons: z.array(findingSchema),
});
export type Validity = z.infer<typeof validitySchema>;

const capacitySchema = z.object({
  arrivalRatePerS: perS,
  /** 95 % credible interval. */
  low: perS,
  high: perS,
  slo: z.array(z.string()),
  probes: z.array(
    z.object({ arrivalRatePerS: perS, holds: z.boolean(), stage: count, reasons: z.array(findingSchema) }),
  ),
});

export const runRecordSchema = z.object({
  schemaVersion: z.literal(2),
  id: z.string(),
  /** What the user called it. */
  name: z.string().exactOptional(),
  /** `running` in a folder that is no longer written means that the harness was killed. */
  status: z.enum(['running', 'complete', 'aborted', 'interrupted']),
  /** Why it was aborted or interrupted. */
  statusReason: findingSchema.exactOptional(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().exactOptional(),
  /** The command line that repeats it. */
  command: z.string(),
  target: targetSchema,
  generator: generatorSchema,
  /** What was asked. */
  profile: profileSchema,
  /** The request mix that was sent. */
  routes: z.array(routeSchema.extend({ path: z.string() })),
  /** What happened. */
  stages: z.array(stageRecordSchema),
  /** Where throughput stopped rising; absent when it never did, or was not looked for. */
  saturation: z.object({ throughputPerS: perS, connections: count, stage: z.string() }).exactOptional(),
  /** The speed checks, a fixed computation on the measured core, over the whole run: CPU time in ms. Absent where the target is on another machine. */
  probe: z.object({ fastestMs: us.positive(), medianMs: us.positive(), count }).exactOptional(),
  /** The highest arrival rate that meets the SLO; absent when it was not looked for, or not found (then a warning says why). */
  capacity: capacitySchema.exactOptional(),
  /** The same with CPU credits, from a few open blocks beside `saturation`; absent when it was not looked for, or not found (then a warning says why). */
  capacityAtSlo: capacitySchema
    .extend({
      low: z.number().nonnegative(),
      /** No block failed below the highest rate that could be sent: the capacity is at least `arrivalRatePerS`, and not known to be below `high`. */
      atLeast: z.literal(true).exactOptional(),
      /** Every block missed the SLO: the capacity is less than `arrivalRatePerS`, the lowest rate that counts, and `low` is 0. */
      atMost: z.literal(true).exactOptional(),
    })
    .exactOptional(),
  /** How long after a spike latency was back at what it had been before; `recovered: false` when it never was. */
  recovery: z
    .object({
      stage: z.string(),
      reference: z.string(),
      recovered: z.boolean(),
      afterS: z.number().nonnegative().exactOptional(),
    })
    .exactOptional(),
  /** The access log whose requests were sent; absent in other runs. */
  replay: replaySchema.exactOptional(),
  /** This run is part `index` (from 1) of `of`, begun together at `startAt`. */
  shard: z
    .object({
      index: z.number().int().positive(),
      of: z.number().int().positive(),
      startAt: z.iso.datetime(),
      /** This machine's clock minus the target's, by its Date header; absent when it sends none. */
      clock: z.object({ offsetMs: z.number(), uncertaintyMs: z.number().nonnegative() }).exactOptional(),
    })
    .exactOptional(),
  /** Microseconds of CPU time of a redis SET on a core of this machine, in windows between the blocks; absent where it was not measured. */
  vcpuSpeed: z
    .object({
      redisSetUs: z.object({
        value: z.number().positive(),
        low: z.number().positive(),
        high: z.number().positive(),
        windows: z.number().int().positive(),
      }),
      core: count,
    })
    .exactOptional(),
  /**
   * Of the CPU time that the app's processes used under load, nginx in the path included, the share that the kernel spent on their behalf; absent
   * where they are not known, and in older records.
   */
  appSystemShare: z.number().min(0).max(1).exactOptional(),
  /** The kernel killed processes of the app because the memory of its emulated instance was full; absent: none. */
  outOfMemory: outOfMemorySchema.exactOptional(),
  /** Of everything random in the run: arrivals, the order of probes. */
  seed: z.number().int().nonnegative().exactOptional(),
  /** Sentences of the threshold language, to be judged over the measured stages. */
  thresholds: z.array(z.string()),
  validity: validitySchema,
  warnings: z.array(findingSchema),
});
export type RunRecord = z.infer<typeof runRecordSchema>;
