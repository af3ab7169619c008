// A profile: a named list of stages, and the requests that they send. Built-in ones and files have this one format.
import { z } from 'zod';

const durationS = z
  .number()
  .positive()
  .max(7 * 86_400);
const stageName = z.string().min(1).max(80);

/** One kind of request. */
export const routeSchema = z.strictObject({
  /** What reports call it. */
  name: z.string().min(1).max(80),
  /** HEAD in open stages only. */
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  /** Path and query, starting with a slash. */
  path: z.string().startsWith('/'),
  /** Share of the requests, in proportion to the other weights. */
  weight: z.number().positive().default(1),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().exactOptional(),
  /** Statuses that are a success; every other answer is an unexpected status. */
  expect: z.array(z.number().int().min(100).max(599)).min(1),
});
export type Route = z.infer<typeof routeSchema>;

/** No load: the machine at rest before, or its recovery after. */
const idleStage = z.strictObject({ kind: z.literal('idle'), name: stageName, durationS });

/** N connections, each sends when answered. */
const closedStage = z.strictObject({
  kind: z.literal('closed'),
  name: stageName,
  connections: z.number().int().min(1).max(10_000),
  durationS,
  /** A warm-up is sent and recorded, and judged by nothing. */
  warmUp: z.boolean().default(false),
});

const ratePerS = z.number().min(0).max(1_000_000);

/** Arrivals by the clock, whatever the server does. */
const openStage = z.strictObject({
  kind: z.literal('open'),
  name: stageName,
  /** Intended starts per second, of all generators together: one figure, or a ramp from one to another. */
  arrivalRatePerS: z.union([
    ratePerS.positive(),
    z
      .strictObject({ from: ratePerS, to: ratePerS })
      .refine(({ from, to }) => from + to > 0, 'a ramp from 0 to 0 sends nothing'),
  ]),
  durationS,
  /** Evenly spaced, or as many independent users come. */
  arrivals: z.enum(['constant', 'poisson']).default('constant'),
  /** Requests in flight, of all generators together; who comes when all are taken is dropped, and counted. */
  maxConnections: z.number().int().min(1).max(20_000).default(1000),
  /** A warm-up is sent and recorded, and judged by nothing. */
  warmUp: z.boolean().default(false),
});

/** Closed stages one after the other, with more connections each time, until throughput stops rising. */
const ladderStage = z.strictObject({
  kind: z.literal('ladder'),
  name: stageName,
  connections: z.array(z.number().int().min(1).max(10_000)).min(2),
  /** Of each rung. */
  durationS,
  /** Throughput has stopped rising after two rungs in a row that gain less than this fraction over the best. */
  minGain: z.number().min(0).max(1).default(0.05),
});

export const profileStageSchema = z.discriminatedUnion('kind', [idleStage, closedStage, ladderStage, openStage]);
export type ProfileStage = z.infer<typeof profileStageSchema>;
export type ClosedStage = z.infer<typeof closedStage>;
export type OpenStage = z.infer<typeof openStage>;

export const profileSchema = z.strictObject({
  name: z.string().min(1).max(80),
  description: z.string(),
  stages: z.array(profileStageSchema).min(1),
  /** Requests that take longer are time-outs. */
  timeoutS: z.number().min(2).max(300).default(5),
  /** Applied when the command line gives none. */
  thresholds: z.array(z.string()).default([]),
});
/** What was asked for. */
export type Profile = z.infer<typeof profileSchema>;
