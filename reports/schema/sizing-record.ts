// The right-sizing verdict as pages show it: beside the run in sizing.json when it rests on several runs, and in report.json.
import * as z from 'zod';

const notNegative = z.number().nonnegative();
const estimate = z.object({ value: notNegative, low: notNegative, high: notNegative });

export const sizingRecordSchema = z.object({
  schemaVersion: z.literal(1),
  /** The run that was predicted from. */
  from: z.string(),
  /** All runs that it rests on, the one that was predicted from first; in folders of these names beside each other. */
  runs: z.array(z.string()).exactOptional(),
  /** No type but the run's own was measured. */
  projected: z.boolean(),
  /** Share of a core of the measuring machine that one vCPU was; absent when nothing was emulated. */
  vcpuShare: z.number().positive().exactOptional(),
  /** In words; absent when nobody told it, and the verdict is about the load that each type carries. */
  traffic: z.string().exactOptional(),
  types: z.array(
    z.object({
      instanceType: z.string(),
      verdict: z.enum(['fits', 'does-not-fit', 'inconclusive']),
      /** In words, with the load that it holds for. */
      verdictText: z.string(),
      limitedBy: z.string(),
      because: z.string(),
      /** Every question of the verdict in its order, answered. */
      checks: z.array(z.string()),
      burstPerS: estimate.exactOptional(),
      sustainedPerS: estimate.exactOptional(),
      measuredBurstPerS: notNegative.exactOptional(),
      measuredSustainedPerS: notNegative.exactOptional(),
      /** 99 % of the answers took no longer: with credits, and at full use of the credit baseline. */
      p99Us: notNegative.exactOptional(),
      sustainedP99Us: notNegative.exactOptional(),
      /** `33 min`, `never`; absent when not known. */
      throttlesAfter: z.string().exactOptional(),
      /** Absent when it was not observed. */
      memory: z.object({ neededBytes: notNegative, guestBytes: notNegative }).exactOptional(),
      usdPerMonth: z.number().nonnegative(),
      usdPerMillionRequests: z.number().nonnegative().exactOptional(),
      notes: z.array(z.string()),
      /**
       * The traffic that was told, through the credit bank: hours since the launch, the lowest balance in credits since the entry before,
       * and the mean CPU wanted in percent of all vCPUs. Absent without traffic or credits.
       */
      day: z.array(z.tuple([notNegative, z.number(), notNegative])).exactOptional(),
    }),
  ),
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
      suspects: z.array(z.string()),
    }),
  ),
  recommendation: z.string(),
  savesUsdPerMonth: z.number().exactOptional(),
  nextExperiment: z.string().exactOptional(),
});
export type SizingRecord = z.infer<typeof sizingRecordSchema>;

/** sizing.json: the record, and the demand that somebody told, so that a later comparison of the runs is about that too. */
export const sizingFileSchema = sizingRecordSchema.extend({
  told: z
    .object({
      traffic: z
        .object({
          source: z.string(),
          pieces: z.array(z.object({ hours: z.number().positive(), ratePerS: notNegative })).min(1),
          startHour: z.number(),
          requestsPerDay: notNegative,
          peakPerS: notNegative,
          notes: z.array(z.string()),
          doubt: z.string().exactOptional(),
        })
        .exactOptional(),
      builds: z.object({ perDay: notNegative, vcpus: notNegative, durationS: notNegative }).exactOptional(),
    })
    .exactOptional(),
});
