// The right-sizing verdict as pages show it: beside the run in sizing.json when it rests on several runs, and in report.json.
import * as z from 'zod';

const perS = z.number().nonnegative();
const estimate = z.object({ value: perS, low: perS, high: perS });

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
      measuredBurstPerS: perS.exactOptional(),
      measuredSustainedPerS: perS.exactOptional(),
      /** 99 % of the answers took no longer: with credits, and at full use of the credit baseline. */
      p99Us: perS.exactOptional(),
      sustainedP99Us: perS.exactOptional(),
      /** `33 min`, `never`; absent when not known. */
      throttlesAfter: z.string().exactOptional(),
      /** Absent when it was not observed. */
      memory: z.object({ neededBytes: perS, guestBytes: perS }).exactOptional(),
      usdPerMonth: z.number().nonnegative(),
      usdPerMillionRequests: z.number().nonnegative().exactOptional(),
      notes: z.array(z.string()),
      /**
       * The traffic that was told, through the credit bank: hours since the launch, the lowest balance in credits since the entry before,
       * and the mean CPU wanted in percent of all vCPUs. Absent without traffic or credits.
       */
      day: z.array(z.tuple([perS, z.number(), perS])).exactOptional(),
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
      points: z.array(z.object({ stage: z.string(), perS, vcpus: perS })),
    })
    .exactOptional(),
  predictions: z.array(
    z.object({
      instanceType: z.string(),
      state: z.enum(['burst', 'sustained']),
      predictedPerS: perS,
      measuredPerS: perS,
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
          pieces: z.array(z.object({ hours: z.number().positive(), ratePerS: perS })).min(1),
          startHour: z.number(),
          requestsPerDay: perS,
          peakPerS: perS,
          notes: z.array(z.string()),
        })
        .exactOptional(),
      builds: z.object({ perDay: perS, vcpus: perS, durationS: perS }).exactOptional(),
    })
    .exactOptional(),
});
