// The lines of seconds.jsonl: appended and flushed as the run goes, so that a killed run loses at most its last second.
import * as z from 'zod';
import { blockSchema } from './block.ts';
import { findingSchema } from './finding.ts';
import { tracesSchema } from './traces.ts';
import { walksSchema } from './walk.ts';

const count = z.number().int().nonnegative();

/** How requests ended. */
export const outcomesSchema = z.object({
  /** Answered with an expected status. */
  ok: count,
  /** Answered with another status. */
  unexpectedStatus: count,
  /** Not answered within the profile's time-out. */
  timeout: count,
  /** Refused, reset, or closed before the answer was complete. */
  connectionError: count,
});
export type Outcomes = z.infer<typeof outcomesSchema>;

/** Intended starts per second at the begin and at the end of an open stage; the same figure twice when it does not change. */
export const arrivalRateSchema = z.object({ from: z.number().nonnegative(), to: z.number().nonnegative() });
export type ArrivalRate = z.infer<typeof arrivalRateSchema>;

/**
 * Only measured stages are judged. A probe is judged by the SLO of the capacity search alone; a sustained stage is measured at the credit
 * baseline of an emulated instance: what is left when the CPU credits are gone. A stage beside a build answers what that does to the load.
 */
export const stageRoleSchema = z.enum(['idle', 'warm-up', 'measured', 'probe', 'sustained', 'beside']);

/** What the begin line and the record of a stage have in common. */
export const stageBegin = {
  name: z.string(),
  role: stageRoleSchema,
  /** Of a closed stage. */
  connections: count.exactOptional(),
  /** Of an open stage: what is intended, all generators together. */
  arrivalRatePerS: arrivalRateSchema.exactOptional(),
  /** Evenly spaced, or as many independent users come. */
  arrivals: z.enum(['constant', 'poisson']).exactOptional(),
  /** Of an open stage: how many requests can be in flight; who comes when all are taken is dropped. */
  maxConnections: count.exactOptional(),
  startedAt: z.iso.datetime(),
};

/** Marks the begin of a stage; everything that a later reader must know to make sense of its seconds. */
const stageLineSchema = z.object({
  kind: z.literal('stage'),
  /** Number of the stage in the run, from 0. */
  stage: count,
  stageKind: z.enum(['idle', 'closed', 'open']),
  /** Seconds at its begin that the profile leaves out of latency and throughput. */
  cutS: z.number().nonnegative().exactOptional(),
  ...stageBegin,
});
export type StageLine = z.infer<typeof stageLineSchema>;

/** One second of one generator. */
const loadLineSchema = z.object({
  kind: z.literal('load'),
  stage: count,
  generator: count,
  /** Begin of this second. */
  at: z.iso.datetime(),
  /** Its measured length, below 1 at the end of a stage. 0: how those in flight at the end of an open stage ended, which is no throughput. */
  durationS: z.number().nonnegative(),
  /** Starts that fell due in this second; open stages only, and so are the next four. */
  intended: count.exactOptional(),
  /** Of these, never sent, as every connection was taken. */
  dropped: count.exactOptional(),
  /** Of these, never sent, as the generator came to them too late; absent where there are none. */
  late: count.exactOptional(),
  /** Encoded histogram of schedule lag, from intended to actual start; absent when nothing was sent. */
  lagUs: z.string().exactOptional(),
  /** Integral of requests in flight over this second, for Little's law. */
  inFlightS: z.number().nonnegative().exactOptional(),
  /** Of an open stage: time in which its process had something to do and the machine did not run it. */
  stalledS: z.number().nonnegative().exactOptional(),
  /** Of an open stage: time in which its process ran, for a millisecond or more at a time, something else than requests. */
  pausedS: z.number().nonnegative().exactOptional(),
  /** HTTP messages sent and received in this second, heads and chunk sizes included, before TLS; absent in older runs. */
  bytes: z.object({ sent: count, received: count }).exactOptional(),
  /** Requests written in this second. */
  sent: count,
  /** Of these, sent once more, as their connection ended before it can have brought them; absent where there are none. */
  repeated: count.exactOptional(),
  outcomes: outcomesSchema,
  /** Answers by status. */
  statusCounts: z.record(z.string(), count),
  /** Answers by route: expected and not. */
  routes: z.record(z.string(), z.object({ ok: count, failed: count })),
  /**
   * Encoded histogram of the expected answers, and of time-outs at their age. Absent when there was neither. From the intended
   * start in an open stage, from the send in a closed one.
   */
  latencyUs: z.string().exactOptional(),
  /** Requests without an answer at the end of this second. */
  open: count,
  /** Of the lead of a block, which makes the app warm and counts nowhere. */
  lead: z.literal(true).exactOptional(),
  /** Of the generator's event loop, 0 to 1; polling the clock for the next arrival is no use. */
  eventLoopUtilization: z.number().min(0).max(1),
  /** CPU time that the generator's process used in this second. */
  cpuS: z.number().nonnegative(),
});
export type LoadLine = z.infer<typeof loadLineSchema>;

/** Of a replay: answers with another status than in the log, of one route. `inLog` is 0 where the log has none. */
export const differingSchema = z.object({ route: z.string(), inLog: count, status: count, requests: count });
export type DifferingAnswers = z.infer<typeof differingSchema>;

/** What one generator knows at the end of a stage and no second can carry. */
const stageEndLineSchema = z.object({
  kind: z.literal('stage-end'),
  stage: count,
  generator: count,
  finishedAt: z.iso.datetime(),
  /** Encoded histograms of the expected answers by route. */
  routeLatencyUs: z.record(z.string(), z.string()),
  /** Encoded histogram of answers with an unexpected status, kept apart: fast failures must not flatter. */
  failedLatencyUs: z.string().exactOptional(),
  /** Encoded histogram of what `latencyUs` holds, but from the actual send; open stages only. */
  rawLatencyUs: z.string().exactOptional(),
  /** Requests that the engine still held, counted connection by connection and not worked out from the other counts. */
  open: count.exactOptional(),
  /**
   * Connections that were opened, and the encoded histogram of how long that took, TLS included; of TLS handshakes in open stages, those
   * that resumed a session, and how long they took; of those that were to be open when the stage began, how many were not, if any;
   * how many brought what no request had asked for, if any.
   */
  connections: z
    .object({
      opened: count,
      connectUs: z.string().exactOptional(),
      resumed: count.exactOptional(),
      handshakeUs: z.string().exactOptional(),
      unopened: count.exactOptional(),
      unasked: count.exactOptional(),
    })
    .exactOptional(),
  /** See above; of such an end its errors alone are kept. */
  lead: z.literal(true).exactOptional(),
  /** Of a replay. */
  differing: z.array(differingSchema).exactOptional(),
  traces: tracesSchema.exactOptional(),
  walks: walksSchema.exactOptional(),
  /** Why the generator ended the stage early. */
  aborted: findingSchema.exactOptional(),
  /** What happened to connections, by error code: a few examples for the reader. */
  errors: z.record(z.string(), count),
});
export type StageEndLine = z.infer<typeof stageEndLineSchema>;

/** A block of a stage that has ended. */
const blockLineSchema = z.object({ kind: z.literal('block'), stage: count, block: blockSchema });
export type BlockLine = z.infer<typeof blockLineSchema>;

/** One sample of a host. Figures that the platform does not give are missing. */
export const hostLineSchema = z.object({
  kind: z.literal('host'),
  /** End of the sampled interval. */
  at: z.iso.datetime(),
  /** Where it was read: the local kernel, node_exporter, Datadog. */
  source: z.string(),
  host: z.string(),
  /** What the rates in it are averaged over. */
  intervalS: z.number().positive(),
  /** By the names and in the units of the metric catalogue. */
  metrics: z.record(z.string(), z.number()),
  /** The same CPU figures core by core. */
  perCore: z.record(z.string(), z.array(z.number())).exactOptional(),
  /** Other busy programs on the host by name; CPU in percent of one core. */
  services: z.record(z.string(), z.object({ cpuPercent: z.number(), rssBytes: z.number() })).exactOptional(),
});
export type HostLine = z.infer<typeof hostLineSchema>;

export const lineSchema = z.discriminatedUnion('kind', [
  stageLineSchema,
  loadLineSchema,
  stageEndLineSchema,
  blockLineSchema,
  hostLineSchema,
]);
export type Line = z.infer<typeof lineSchema>;
