// The judgement of a run. Everything that a page states as a conclusion is a field here: renderers never compute.
import * as z from 'zod';
import { findingSchema } from '../../model/finding.ts';
import { runRecordSchema, validitySchema } from '../../model/run-record.ts';
import { outcomesSchema } from '../../model/second.ts';
import { thresholdResultSchema } from '../../model/threshold.ts';
import { judgedAlarmsSchema } from './judged-alarms.ts';
import { judgedReplaySchema } from './judged-replay.ts';
import {
  commandEffectSchema,
  judgedStageSchema,
  latencySummarySchema,
  programUseSchema,
  requestsSchema,
} from './judged-stage.ts';
import { sizingRecordSchema } from './sizing-record.ts';

const count = z.number().int().nonnegative();
const us = z.number().nonnegative();

/** All measured stages together; what thresholds are judged by. */
const measuredSchema = z.object({
  /** Number of stages that count. */
  stages: count,
  /** Names of measured stages that do not count, because the run was aborted in them. */
  leftOut: z.array(z.string()),
  /** Seconds of load. */
  durationS: z.number().nonnegative(),
  requests: requestsSchema,
  outcomes: outcomesSchema,
  /** Requests that did not end with an expected status; absent when none was tried. */
  errorRatePercent: z.number().exactOptional(),
  /** Intended requests that were never sent; absent when none was intended. */
  droppedRatePercent: z.number().exactOptional(),
  /** Completions per second of load, without warm-up and without what was answered after the load; absent without load. */
  throughputPerS: z.number().exactOptional(),
  latencyUs: latencySummarySchema.exactOptional(),
});
export type Measured = z.infer<typeof measuredSchema>;

const limitSchema = z.object({
  limitedBy: z.enum(['event loop', 'host CPU', 'memory', 'network', 'generator', 'errors', 'SLO', 'unknown']),
  /** The evidence, or what was not measured. */
  because: findingSchema,
});
export type Limit = z.infer<typeof limitSchema>;

const busiestSchema = z.object({
  stage: z.string(),
  throughputPerS: z.number().positive(),
  connections: count.exactOptional(),
  latencyUs: latencySummarySchema.exactOptional(),
  /** Of its requests, where more than 1 % are errors. */
  errorRatePercent: z.number().exactOptional(),
});
export type Busiest = z.infer<typeof busiestSchema>;

/** Where throughput stopped rising. */
const saturationSchema = busiestSchema.extend({
  connections: count,
  /** The interval that the clean blocks give, and their number; absent for a stage without blocks. */
  low: z.number().positive().exactOptional(),
  high: z.number().positive().exactOptional(),
  blocks: count.exactOptional(),
  /** As the stage measured it; absent when that was on whole vCPUs, which throughput, low and high are of. */
  stagePerS: z.number().positive().exactOptional(),
  /** The highest throughput of a closed stage, where another stage is a few percent higher with more connections. */
  highest: z.object({ throughputPerS: z.number().positive(), connections: count }).exactOptional(),
  ...limitSchema.shape,
});
export type Saturation = z.infer<typeof saturationSchema>;

/** The highest arrival rate that meets the SLO, with its interval and its probes as evidence. */
const judgedCapacitySchema = runRecordSchema.shape.capacity.unwrap().extend({
  ...limitSchema.shape,
  /** The latency figure of the SLO (p99 if it has none) and its limit in microseconds. */
  latency: z.object({ figure: latencySummarySchema.omit({ count: true }).keyof(), limitUs: us.exactOptional() }),
});
export type JudgedCapacity = z.infer<typeof judgedCapacitySchema>;

/** The highest arrival rate that meets the SLO while the instance has CPU credits, of whole vCPUs, with its interval. */
const capacityAtSloSchema = runRecordSchema.shape.capacityAtSlo.unwrap().omit({ probes: true });
export type CapacityAtSlo = z.infer<typeof capacityAtSloSchema>;

/** How a figure changes while the load stays the same. */
const trendSchema = z.object({
  stage: z.string(),
  metric: z.string(),
  unit: z.enum(['bytes', 'us']),
  /** In the unit, with its 95 % interval. */
  perHour: z.object({ value: z.number(), low: z.number(), high: z.number() }),
  /** `none` when the interval holds 0. */
  changes: z.enum(['grows', 'falls', 'none']),
});
export type Trend = z.infer<typeof trendSchema>;

/** One part of a question: answered from this run's figures, or not measured, with the reason and how to measure it. */
const answerSchema = findingSchema.extend({
  code: z.enum(['answered', 'not-measured']),
  sentences: z.array(findingSchema),
});
export type Answer = z.infer<typeof answerSchema>;
const questionSchema = findingSchema.extend({ answers: z.array(answerSchema) });
export type Question = z.infer<typeof questionSchema>;

export const judgedSchema = z.object({
  /** The run's id. */
  run: z.string(),
  verdict: z.enum(['pass', 'fail', 'no-verdict']),
  /** 0 good, 3 a threshold failed or a monitor stayed silent that had to fire, 4 no verdict. */
  exitCode: z.union([z.literal(0), z.literal(3), z.literal(4)]),
  /** What the verdict rests on, in a few sentences (`parts`). */
  headline: findingSchema.extend({ code: z.literal('headline'), parts: z.array(findingSchema) }),
  /** Why the run did not complete; absent when it did. */
  partial: findingSchema.exactOptional(),
  /** The run's own, made `inconclusive` when nothing was measured. */
  validity: validitySchema,
  /** The run's own, and those of the drill. */
  warnings: z.array(findingSchema),
  /** CPU that other processes used, before or during the load. */
  disturbances: z.array(findingSchema),
  /** Reasons for caution that do not void the verdict. */
  caveats: z.array(findingSchema),
  /** What may go wrong on the run's own instance type, the largest first. */
  risks: z.array(findingSchema),
  thresholds: z.array(thresholdResultSchema),
  measured: measuredSchema,
  /** The measured stage with the highest throughput; absent when nothing was measured. */
  busiest: busiestSchema.exactOptional(),
  /** Absent when throughput did not stop rising, or the profile has no ladder. */
  saturation: saturationSchema.exactOptional(),
  /** What limits the highest measured throughput, where no saturation and no capacity was found; absent when nothing was measured. */
  limitAtHighest: limitSchema.exactOptional(),
  /** Absent without a capacity search, or when it found none. */
  capacity: judgedCapacitySchema.exactOptional(),
  /** Absent where it was not searched, or not found: then a warning says why. */
  capacityAtSlo: capacityAtSloSchema.omit({ atMost: true }).exactOptional(),
  /** Of long stages; empty when none was long enough. */
  trends: z.array(trendSchema),
  /** After a spike: how long until latency was back. */
  recovery: runRecordSchema.shape.recovery,
  /** Of a replayed access log. */
  replay: judgedReplaySchema.exactOptional(),
  /** What the monitors would have done, and did; absent when they were not evaluated. */
  alarms: judgedAlarmsSchema.exactOptional(),
  /** How the sources of host metrics agree; empty with one source. */
  agreements: z.array(findingSchema),
  /** The effect of each command that ran beside the load. */
  commands: z.array(commandEffectSchema),
  /** Why there is no saturation. */
  noSaturation: findingSchema.exactOptional(),
  questions: z.array(questionSchema),
  /** Which instance type fits; absent when the CPU of a request was not measured. */
  sizing: sizingRecordSchema.exactOptional(),
  programs: z.array(programUseSchema),
  stages: z.array(judgedStageSchema),
});
export type Judged = z.infer<typeof judgedSchema>;
