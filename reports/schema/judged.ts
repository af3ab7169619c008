// What a run comes to. Everything that a page states as a conclusion is a field here: renderers never compute.
import * as z from 'zod';
import { findingSchema } from '../../model/finding.ts';
import { runRecordSchema, stageRecordSchema, validitySchema } from '../../model/run-record.ts';
import { arrivalRateSchema, outcomesSchema, stageRoleSchema } from '../../model/second.ts';
import { judgedAlarmsSchema } from './judged-alarms.ts';
import { sizingRecordSchema } from './sizing-record.ts';

const count = z.number().int().nonnegative();
const us = z.number().nonnegative();

/** Latency percentiles in microseconds. */
const latencySummarySchema = z.object({
  p50: us,
  p90: us,
  p95: us,
  p99: us,
  p999: us,
  max: us,
  mean: us,
  count: z.number().int().positive(),
});

const requestsSchema = z.object({ intended: count, sent: count, completed: count, dropped: count, open: count });

/** All measured stages together; what thresholds are judged by. */
export const measuredSchema = z.object({
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

export const thresholdResultSchema = z.object({
  expression: z.string(),
  /** In the base unit; absent when there was nothing to judge. */
  value: z.number().exactOptional(),
  unit: z.enum(['us', 'percent', 'per-second', 'count', 'bytes', 'load', 'fraction', 'credits']),
  verdict: z.enum(['pass', 'fail', 'no-data']),
  /** Why there is no data. */
  reason: findingSchema.exactOptional(),
});

export const limitSchema = z.object({
  limitedBy: z.enum(['event loop', 'host CPU', 'memory', 'generator', 'errors', 'SLO', 'unknown']),
  /** The figures that say so, or what is missing to say more. */
  because: z.string(),
});
export type Limit = z.infer<typeof limitSchema>;

export const busiestSchema = z.object({
  stage: z.string(),
  throughputPerS: z.number().positive(),
  connections: count.exactOptional(),
  latencyUs: latencySummarySchema.exactOptional(),
});
export type Busiest = z.infer<typeof busiestSchema>;

/** Where throughput stopped rising. */
export const saturationSchema = busiestSchema.extend({
  connections: count,
  /** The highest throughput of a closed stage, where that is another one: within a few percent, with more connections. */
  highest: z.object({ throughputPerS: z.number().positive(), connections: count }).exactOptional(),
  ...limitSchema.shape,
});
export type Saturation = z.infer<typeof saturationSchema>;

/** The highest arrival rate that meets the SLO, with its interval and its probes as evidence. */
export const judgedCapacitySchema = runRecordSchema.shape.capacity.unwrap().extend({
  ...limitSchema.shape,
  /** The latency that the SLO speaks of, p99 when it speaks of none, and its limit in microseconds. */
  latency: z.object({ figure: latencySummarySchema.omit({ count: true }).keyof(), limitUs: us.exactOptional() }),
});
export type JudgedCapacity = z.infer<typeof judgedCapacitySchema>;

/** How a figure changes while the load stays the same. */
export const trendSchema = z.object({
  stage: z.string(),
  metric: z.string(),
  unit: z.enum(['bytes', 'us']),
  /** In the unit, with its 95 % interval. */
  perHour: z.object({ value: z.number(), low: z.number(), high: z.number() }),
  /** `none` when the interval holds 0. */
  changes: z.enum(['grows', 'falls', 'none']),
});
export type Trend = z.infer<typeof trendSchema>;

/** A part of a question: answered from this run's figures, or plainly not measured. */
export const answerSchema = z.object({ status: z.enum(['answered', 'not-measured']), text: z.string() });
export type Answer = z.infer<typeof answerSchema>;
export const questionSchema = z.object({ question: z.string(), answers: z.array(answerSchema) });
export type Question = z.infer<typeof questionSchema>;

const useSchema = z.object({
  /** Mean, in percent of one core. */
  cpuPercent: z.number().exactOptional(),
  /** Highest sample, in percent of one core. */
  cpuPercentMax: z.number().exactOptional(),
  /** Mean resident memory. */
  rssBytes: z.number().exactOptional(),
});
export type Use = z.infer<typeof useSchema>;

/** What one program on the box costs. */
export const boxCostSchema = z.object({
  name: z.string(),
  kind: z.enum(['app', 'service', 'generator']),
  /** Over the idle stages before the first load. */
  atRest: useSchema.exactOptional(),
  /** Over the measured stages, or the probes of a search for the capacity. */
  underLoad: useSchema.exactOptional(),
});
export type BoxCost = z.infer<typeof boxCostSchema>;

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
  /** Why it ended before its time. */
  aborted: findingSchema.exactOptional(),
  /** Host metrics by name; empty when there was no sample. */
  host: z.record(z.string(), seriesSummarySchema),
});
export type JudgedStage = z.infer<typeof judgedStageSchema>;

/** One stage beside a command. */
const momentSchema = z.object({
  stage: z.string(),
  /** Mean of user and system, of all cores; absent when the host was not observed. */
  cpuPercent: z.number().exactOptional(),
  /** Everything but idle, in the busiest sample. */
  busiestCpuPercent: z.number().exactOptional(),
  throughputPerS: z.number().exactOptional(),
  droppedRatePercent: z.number().exactOptional(),
  errorRatePercent: z.number().exactOptional(),
  latencyUs: latencySummarySchema.exactOptional(),
});
export type Moment = z.infer<typeof momentSchema>;

/** A command that ran beside the load, and the measured stages before and after it. */
export const commandEffectSchema = z.object({
  command: stageRecordSchema.shape.command.unwrap(),
  before: momentSchema.exactOptional(),
  during: momentSchema,
  after: momentSchema.exactOptional(),
});
export type CommandEffect = z.infer<typeof commandEffectSchema>;

export const judgedSchema = z.object({
  /** The run's id. */
  run: z.string(),
  verdict: z.enum(['pass', 'fail', 'no-verdict']),
  /** 0 good, 3 a threshold failed or a monitor stayed silent that had to fire, 4 no verdict. */
  exitCode: z.union([z.literal(0), z.literal(3), z.literal(4)]),
  /** One sentence: the verdict and what it rests on. */
  headline: z.string(),
  /** Why the run is not whole; absent when it is. */
  partial: z.string().exactOptional(),
  /** The run's own, made `inconclusive` when nothing was measured. */
  validity: validitySchema,
  /** The run's own, and that the machine was busy before the load began. */
  warnings: z.array(findingSchema),
  /** What else a reader must know before they trust a figure; no reason against the run by itself. */
  doubts: z.array(z.string()),
  thresholds: z.array(thresholdResultSchema),
  measured: measuredSchema,
  /** The measured stage with the highest throughput; absent when nothing was measured. */
  busiest: busiestSchema.exactOptional(),
  /** Absent when throughput never stopped rising, or nobody looked. */
  saturation: saturationSchema.exactOptional(),
  /** Absent when it was not looked for, or not found. */
  capacity: judgedCapacitySchema.exactOptional(),
  /** Of long stages; empty when none was long enough. */
  trends: z.array(trendSchema),
  /** After a spike: how long until latency was back. */
  recovery: runRecordSchema.shape.recovery,
  /** What the monitors would have done, and did; absent when that phase never ran. */
  alarms: judgedAlarmsSchema.exactOptional(),
  /** How the sources of the host's figures agree, a sentence each; empty with one source. */
  agreements: z.array(z.string()),
  /** Of commands in mid-run, what they did; empty when none ran. */
  commands: z.array(commandEffectSchema),
  /** In plain words, why there is no saturation. */
  noSaturation: z.string().exactOptional(),
  questions: z.array(questionSchema),
  /** Which instance type fits; absent when the CPU of a request was not measured. */
  sizing: sizingRecordSchema.exactOptional(),
  boxCosts: z.array(boxCostSchema),
  stages: z.array(judgedStageSchema),
});
export type Judged = z.infer<typeof judgedSchema>;
