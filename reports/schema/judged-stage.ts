// The parts of a judgement that are about stages: figures, host metrics, programs, and the effect of a command.
import * as z from 'zod';
import { latencySchema } from '../../model/latency/latency-schema.ts';
import { arrivalRateSchema, outcomesSchema, stageRoleSchema } from '../../model/second.ts';
import { commandSchema } from '../../model/stage/command-record.ts';
import { stageRecordSchema } from '../../model/stage/stage-record.ts';

const count = z.number().int().nonnegative();

/** Latency percentiles in microseconds. */
export const latencySummarySchema = latencySchema.omit({ histogram: true });

export const requestsSchema = stageRecordSchema.shape.requests;

const useSchema = z.object({
  /** Mean, in percent of one core. */
  cpuPercent: z.number().exactOptional(),
  /** Highest sample, in percent of one core. */
  cpuPercentMax: z.number().exactOptional(),
  /** Mean resident memory. */
  rssBytes: z.number().exactOptional(),
});
export type Use = z.infer<typeof useSchema>;

/** What one program on the host uses. */
export const programUseSchema = z.object({
  name: z.string(),
  kind: z.enum(['app', 'service', 'generator']),
  /** Over the idle stages before the first load. */
  atRest: useSchema.exactOptional(),
  /** Over the measured stages, or the probes of a search for the capacity. */
  underLoad: useSchema.exactOptional(),
});
export type ProgramUse = z.infer<typeof programUseSchema>;

const seriesSummarySchema = z.object({ min: z.number(), max: z.number(), avg: z.number(), samples: count });

export const judgedStageSchema = z.object({
  name: z.string(),
  role: stageRoleSchema,
  connections: count.exactOptional(),
  /** What was intended of an open stage. */
  arrivalRatePerS: arrivalRateSchema.exactOptional(),
  arrivals: stageRecordSchema.shape.arrivals,
  maxConnections: count.exactOptional(),
  durationS: z.number().nonnegative(),
  requests: requestsSchema,
  outcomes: outcomesSchema,
  statusCounts: z.record(z.string(), count),
  bytes: stageRecordSchema.shape.bytes,
  /** Absent for idle stages. */
  throughputPerS: z.number().exactOptional(),
  errorRatePercent: z.number().exactOptional(),
  latencyUs: latencySummarySchema.exactOptional(),
  /** These three of an open stage, as in the run's record. */
  rawLatencyUs: latencySummarySchema.exactOptional(),
  scheduleLagUs: latencySummarySchema.exactOptional(),
  inFlightMean: z.number().nonnegative().exactOptional(),
  /** Where its warm-up ended. */
  steady: stageRecordSchema.shape.steady,
  /** Why it ended early. */
  aborted: stageRecordSchema.shape.aborted,
  /** Host metrics by name; empty when there was no sample. */
  host: z.record(z.string(), seriesSummarySchema),
});
export type JudgedStage = z.infer<typeof judgedStageSchema>;

/** One stage before, during or after a command. */
const stageSnapshotSchema = z.object({
  stage: z.string(),
  /** Of an emulated instance: what app and command used, of its vCPUs. Else the mean of user and system, of all cores of the host; absent when it was not observed. */
  cpuPercent: z.number().exactOptional(),
  /** Everything but idle, in the busiest sample. */
  busiestCpuPercent: z.number().exactOptional(),
  /** How long that sample is, in seconds; absent where it is about one. */
  sampleS: z.number().positive().exactOptional(),
  throughputPerS: z.number().exactOptional(),
  /** Answered; absent in reports of earlier versions. */
  requests: count.exactOptional(),
  droppedRatePercent: z.number().exactOptional(),
  errorRatePercent: z.number().exactOptional(),
  latencyUs: latencySummarySchema.exactOptional(),
});
export type StageSnapshot = z.infer<typeof stageSnapshotSchema>;

/** A command that ran beside the load, and the measured stages before and after it. */
export const commandEffectSchema = z.object({
  command: commandSchema,
  /** Why it answers nothing, or (load-not-as-intended) nothing about latency; absent when it does. */
  problem: z.enum(['failed', 'few-requests', 'load-not-as-intended']).exactOptional(),
  before: stageSnapshotSchema.exactOptional(),
  during: stageSnapshotSchema,
  after: stageSnapshotSchema.exactOptional(),
});
export type CommandEffect = z.infer<typeof commandEffectSchema>;
