// The right-sizing verdict as pages show it: in report.json, and in sizing.json beside a run when it rests on several runs.
import * as z from 'zod';
import { findingSchema } from '../../model/finding.ts';

const notNegative = z.number().nonnegative();
const sizeVerdict = z.enum(['fits', 'does-not-fit', 'inconclusive']);
const estimate = z.object({ value: notNegative, low: notNegative, high: notNegative });
const measuredInterval = z.object({ low: notNegative, high: notNegative, blocks: z.number().int().exactOptional() });

export const sizingRecordSchema = z.object({
  schemaVersion: z.literal(2),
  /** The run that was predicted from. */
  from: z.string(),
  /** All runs that it rests on, the one that was predicted from first: names of folders beside each other. */
  runs: z.array(z.string()).exactOptional(),
  /** No type but the run's own was measured. */
  projected: z.boolean(),
  /** Share of a core of the measuring machine that one vCPU was; absent when nothing was emulated. */
  vcpuShare: z.number().positive().exactOptional(),
  /** Where it comes from; absent when the verdict is about the load that each type sustains. */
  traffic: findingSchema.exactOptional(),
  types: z.array(
    z.object({
      instanceType: z.string(),
      verdict: sizeVerdict,
      /** The verdict in a few words, with the load that it holds for. */
      summary: findingSchema,
      limitedBy: z.string(),
      because: findingSchema,
      /** Every check in its order; limit and verdict are absent in a record of version 1. */
      checks: z.array(
        z.object({ limit: z.string().exactOptional(), verdict: sizeVerdict.exactOptional(), because: findingSchema }),
      ),
      burstPerS: estimate.exactOptional(),
      sustainedPerS: estimate.exactOptional(),
      /** On EC2; the other rates are of whole cores of the measuring machine. */
      onEc2: z
        .object({
          burstPerS: estimate.exactOptional(),
          sustainedPerS: estimate.exactOptional(),
          vcpuOfACore: estimate,
        })
        .exactOptional(),
      /** The smaller of the burst rate and the measured rate at the SLO, on EC2 where `onEc2` is present; the type may serve more where the generator was at its limit first (`atLeast`), and serves less where every rate missed the SLO (`atMost`). */
      withinSlo: z
        .object({
          perS: estimate,
          slo: z.array(z.string()),
          atLeast: z.literal(true).exactOptional(),
          atMost: z.literal(true).exactOptional(),
        })
        .exactOptional(),
      measuredBurstPerS: notNegative.exactOptional(),
      measuredSustainedPerS: notNegative.exactOptional(),
      /** Of the measured rates; `blocks` is absent where the stage was not measured in blocks. */
      measuredBurst: measuredInterval.exactOptional(),
      measuredSustained: measuredInterval.exactOptional(),
      /** Burst latency, and that at full use of the baseline performance. */
      p99Us: notNegative.exactOptional(),
      sustainedP99Us: notNegative.exactOptional(),
      /** Absent when it is not known. */
      timeToThrottle: findingSchema.exactOptional(),
      /** Absent when it was not observed. */
      memory: z.object({ neededBytes: notNegative, guestBytes: notNegative }).exactOptional(),
      /** Absent for a type without a price. */
      usdPerMonth: z.number().nonnegative().exactOptional(),
      usdPerMillionRequests: z.number().nonnegative().exactOptional(),
      /** What was assumed. */
      notes: z.array(findingSchema),
      /**
       * The traffic on the CPU credits: hours since the launch, the lowest balance in credits since the previous entry, and the mean CPU
       * demand in percent of all vCPUs. Absent without traffic or credits.
       */
      day: z.array(z.tuple([notNegative, z.number(), notNegative])).exactOptional(),
    }),
  ),
  /** What is counted beside the app; absent in records of earlier versions. */
  counted: findingSchema.exactOptional(),
  /** CPU against throughput, stage by stage, and the line through it. */
  serviceDemand: z
    .object({
      of: z.enum(['app', 'host']),
      /** vCPU-milliseconds of one request. */
      demandMs: estimate,
      backgroundVcpus: estimate,
      /** Absent when no line could be fitted. */
      r2: z.number().exactOptional(),
      points: z.array(z.object({ stage: z.string(), perS: notNegative, vcpus: notNegative })),
    })
    .exactOptional(),
  predictions: z.array(
    z.object({
      instanceType: z.string(),
      state: z.enum(['burst', 'sustained']),
      predictedPerS: notNegative,
      measuredPerS: notNegative,
      errorPercent: z.number(),
      /** The run that predicted and when it ended, and the interval; absent in records of earlier versions, as is `held`. */
      from: z.string().exactOptional(),
      predictedAt: z.iso.datetime().exactOptional(),
      measuredIn: z.string().exactOptional(),
      low: notNegative.exactOptional(),
      high: notNegative.exactOptional(),
      held: z.boolean().exactOptional(),
      /** Possible causes of a large error. */
      suspects: z.array(findingSchema),
    }),
  ),
  /** Over all runs that were kept in the folder until then, these included: how many predictions were graded, and how many intervals held. */
  ledger: z.object({ graded: z.number().int(), held: z.number().int() }).exactOptional(),
  /** A build on each type, of runs with a stage of kind `build`; absent where none ran. */
  builds: z
    .array(
      z.object({
        instanceType: z.string(),
        line: z.string(),
        durationS: notNegative,
        /** vCPU-seconds of all its processes; absent when not known. */
        vcpuS: notNegative.exactOptional(),
        memoryBytes: notNegative.exactOptional(),
        /** It has no duration of its own: it failed, was stopped at the end of its stage, or had too little memory. */
        ended: z.enum(['failed', 'stopped', 'out-of-memory']).exactOptional(),
        /** Latency p99 of the light load, before and beside it; absent when too few requests ran beside it. */
        p99Us: z.object({ from: notNegative, to: notNegative }).exactOptional(),
      }),
    )
    .exactOptional(),
  recommendation: findingSchema,
  nextExperiment: findingSchema.exactOptional(),
});
export type SizingRecord = z.infer<typeof sizingRecordSchema>;

/** sizing.json: the record and the workload that it is about, so that a later comparison of the runs is about that too. */
export const sizingFileSchema = sizingRecordSchema.extend({
  workload: z
    .object({
      traffic: z
        .object({
          source: findingSchema,
          pieces: z.array(z.object({ hours: z.number().positive(), ratePerS: notNegative })).min(1),
          startHour: z.number(),
          requestsPerDay: notNegative,
          peakPerS: notNegative,
          notes: z.array(findingSchema),
          caveat: findingSchema.exactOptional(),
        })
        .exactOptional(),
      builds: z.object({ perDay: notNegative, vcpus: notNegative, durationS: notNegative }).exactOptional(),
    })
    .exactOptional(),
});
