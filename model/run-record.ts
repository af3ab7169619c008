// run.json: what was asked, on what, and what happened. A later phase wraps it and never edits it.
import * as z from 'zod';
import { blockSchema } from './block.ts';
import { findingSchema } from './finding.ts';
import { profileSchema, routeSchema } from './profile.ts';
import { replaySchema } from './replay-record.ts';
import { differingSchema, outcomesSchema, stageBegin } from './second.ts';

const count = z.number().int().nonnegative();
const us = z.number().nonnegative();
const perS = z.number().positive();

/** Latency in microseconds; absent as a whole when nothing was measured. */
export const latencySchema = z.object({
  p50: us,
  p90: us,
  p95: us,
  p99: us,
  p999: us,
  max: us,
  mean: us,
  /** How many latencies it was made from. */
  count: z.number().int().positive(),
  /** The encoded histogram, for exact merging. */
  histogram: z.string(),
});
export type Latency = z.infer<typeof latencySchema>;

/** A command that ran beside the load. */
export const commandSchema = z.object({
  /** As the user gave it. */
  line: z.string(),
  startedAt: z.iso.datetime(),
  durationS: z.number().nonnegative(),
  /** Absent when a signal ended it. */
  exitCode: z.number().int().exactOptional(),
  /** Absent when it ended by itself. */
  signal: z.string().exactOptional(),
  /** headroom ended it: with its stage, or with the run. */
  stopped: z.literal(true).exactOptional(),
  /** CPU time of all its processes; absent when it is not known. */
  cpuS: z.number().nonnegative().exactOptional(),
  /** The most memory that its processes were seen to use together, without what they share; absent when none was seen. */
  memoryBytes: count.exactOptional(),
  /** Of an emulated instance: processes that the kernel killed meanwhile because its memory was full; absent: none. */
  outOfMemory: count.exactOptional(),
  /** Share of this machine's CPU, 0 to 1, that neither headroom nor the command used meanwhile, and the busiest programs of that. */
  takenShare: z.number().min(0).max(1).exactOptional(),
  takers: z.array(z.string()).readonly().exactOptional(),
  /** Of an emulated instance: whole cores that it ran on. */
  vcpus: z.number().positive().exactOptional(),
});
export type CommandRecord = z.infer<typeof commandSchema>;

export const stageRecordSchema = z.object({
  kind: z.enum(['idle', 'closed', 'open']),
  ...stageBegin,
  /** Absent when the stage was cut off with the harness. */
  finishedAt: z.iso.datetime().exactOptional(),
  /** Measured seconds of load; of an idle stage its length. */
  durationS: z.number().nonnegative(),
  requests: z.object({
    /** That the stage wanted to start; a closed stage wants what it sends. */
    intended: count,
    sent: count,
    /** Answered, with whatever status. */
    completed: count,
    /** Intended, never sent. */
    dropped: count,
    /** Sent, and without answer when the stage ended. */
    open: count,
  }),
  outcomes: outcomesSchema,
  statusCounts: z.record(z.string(), count),
  /** By route: answers as expected, other answers, and the latency of the expected ones. */
  routes: z.record(z.string(), z.object({ ok: count, failed: count, latencyUs: latencySchema.exactOptional() })),
  /** Completions per second of load; what an open stage gets answered after its end is not in it. */
  throughputPerS: z.number().nonnegative(),
  /** Of expected answers, with time-outs at their age: from the intended start in an open stage, from the send in a closed one. */
  latencyUs: latencySchema.exactOptional(),
  /** Of an open stage: the same requests from the actual send, as a tool that waits for its turn would show them. */
  rawLatencyUs: latencySchema.exactOptional(),
  /** Of an open stage: from intended to actual start. What the generator itself adds to the latency. */
  scheduleLagUs: latencySchema.exactOptional(),
  /** The same of its first second alone, in which a generator that is not warm shows. */
  firstSecondLagUs: latencySchema.exactOptional(),
  /** Of an open stage, over all generators: time in which the machine did not run them, and in which they ran something else than requests. */
  pauses: z.object({ stalledS: z.number().nonnegative(), pausedS: z.number().nonnegative() }).exactOptional(),
  /** Bytes of HTTP messages, heads and chunk sizes included, before TLS; absent in older records, and so is the next. */
  bytes: z.object({ sent: count, received: count }).exactOptional(),
  /** Connections that were opened, and how long that took; of TLS handshakes, those that resumed a session, and how long they took. */
  keepAlive: z
    .object({
      opened: count,
      connectUs: latencySchema.exactOptional(),
      resumed: count.exactOptional(),
      handshakeUs: latencySchema.exactOptional(),
    })
    .exactOptional(),
  /** Of an open stage: mean number of requests in flight. */
  inFlightMean: z.number().nonnegative().exactOptional(),
  /** Share of the time, 0 to 1, that the event loop of the busiest generator was busy; absent when idle, and in older records. */
  generatorUse: z.number().nonnegative().exactOptional(),
  /** Of answers with an unexpected status. */
  failedLatencyUs: latencySchema.exactOptional(),
  /** Of a replay: answers with another status than in the log, the most frequent first. */
  differing: z.array(differingSchema).exactOptional(),
  /** Connection errors by code. */
  errors: z.record(z.string(), count),
  /** Where its warm-up ended, which latency and throughput leave out; absent for idle, warm-up, probe and ramp stages. */
  steady: z
    .object({
      cutS: z.number().nonnegative(),
      method: z.enum(['mser-5', 'fixed', 'none']),
      reason: findingSchema,
      steady: z.boolean(),
    })
    .exactOptional(),
  /** The command that ran beside it (`--during`). */
  command: commandSchema.exactOptional(),
  /** CPU time that the app's processes, and nginx in the path, used in its load; absent where they are not known. */
  appCpuS: z.number().nonnegative().exactOptional(),
  /** Of that, nginx's; absent where headroom started none. */
  nginxCpuS: z.number().nonnegative().exactOptional(),
  /** Of a stage that was measured in several visits: throughput and latency are those of its clean blocks. */
  blocks: z.array(blockSchema).exactOptional(),
  /** Why the stage ended early. */
  aborted: findingSchema.exactOptional(),
});
export type StageRecord = z.infer<typeof stageRecordSchema>;

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
  routes: z.array(routeSchema),
  /** What happened. */
  stages: z.array(stageRecordSchema),
  /** Where throughput stopped rising; absent when it never did, or was not looked for. */
  saturation: z.object({ throughputPerS: perS, connections: count, stage: z.string() }).exactOptional(),
  /** The fixed computation on the measured core, over the whole run: CPU time in ms. Absent where the target is on another machine. */
  probe: z.object({ fastestMs: us.positive(), medianMs: us.positive(), count }).exactOptional(),
  /** The highest arrival rate that meets the SLO; absent when it was not looked for, or not found (then a warning says why). */
  capacity: z
    .object({
      arrivalRatePerS: perS,
      /** 95 % credible interval. */
      low: perS,
      high: perS,
      slo: z.array(z.string()),
      probes: z.array(
        z.object({ arrivalRatePerS: perS, holds: z.boolean(), stage: count, reasons: z.array(findingSchema) }),
      ),
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
