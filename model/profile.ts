// A profile: a named list of stages, and the requests that they send. Built-in ones and files have this one format.
import * as z from 'zod';

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

const loadStage = {
  /** A warm-up is sent and recorded, and judged by nothing. */
  warmUp: z.boolean().default(false),
  /** Seconds at the begin to leave out of latency and throughput; without it, MSER-5 decides where there are 30 s or more. */
  cutS: z.number().nonnegative().exactOptional(),
  /** The command of --during runs in this stage, which ends with it and lasts `durationS` at the most. */
  during: z.boolean().exactOptional(),
  /** From here on the emulated instance (--instances) has no CPU credits: what can it do at its credit baseline? */
  credits: z.literal('empty').exactOptional(),
  /** Name of an earlier stage: how long does it take until p99 is back at what it was there? */
  recoverTo: z.string().exactOptional(),
};

/** N connections, each sends when answered. */
const closedStage = z.strictObject({
  kind: z.literal('closed'),
  name: stageName,
  connections: z.number().int().min(1).max(10_000),
  durationS,
  /** Pause of each connection between an answer and its next request. */
  thinkTimeS: z.number().positive().max(3600).exactOptional(),
  ...loadStage,
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
  ...loadStage,
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

/** Searches the highest arrival rate that meets the SLO, by open stages of a few seconds (probes). */
const capacityStage = z.strictObject({
  kind: z.literal('capacity'),
  name: stageName,
  /** First rate that is tried. */
  from: ratePerS.positive().default(50),
  /** No rate above it is tried. */
  to: ratePerS.positive().default(50_000),
  /** Of each probe. */
  durationS: z.number().min(2).max(3600).default(2),
  /** Rounds of five probes around the edge. */
  rounds: z.number().int().min(1).max(20).default(2),
  arrivals: z.enum(['constant', 'poisson']).default('constant'),
  maxConnections: z.number().int().min(1).max(20_000).default(256),
  /** What a probe must meet; --slo replaces it. */
  slo: z.array(z.string()).min(1).default(['latency.p99 < 100ms', 'errors.rate < 1%']),
});

export const profileStageSchema = z.discriminatedUnion('kind', [
  idleStage,
  closedStage,
  ladderStage,
  openStage,
  capacityStage,
]);
export type ProfileStage = z.infer<typeof profileStageSchema>;
export type IdleStage = z.infer<typeof idleStage>;
export type ClosedStage = z.infer<typeof closedStage>;
export type OpenStage = z.infer<typeof openStage>;
export type CapacityStage = z.infer<typeof capacityStage>;

export const profileSchema = z.strictObject({
  /** Where editors find docs/profile.schema.json. */
  $schema: z.string().exactOptional(),
  name: z.string().min(1).max(80),
  description: z.string().default(''),
  /** What --rate, --duration and --poisson change; without it, the profile has rates and durations of its own. */
  tune: z
    .strictObject({
      /** The arrival rate that the stages are written for: with --rate all of them change in proportion. */
      ratePerS: ratePerS.positive(),
      /** Name of the stage that --duration is about. */
      durationOf: stageName,
    })
    .exactOptional(),
  stages: z.array(profileStageSchema).min(1),
  /** Requests that take longer are time-outs. */
  timeoutS: z.number().min(2).max(300).default(5),
  /** Applied when the command line gives none. */
  thresholds: z.array(z.string()).default([]),
  /** Ends the run when one of these has held for its time: `errors.rate > 50% for 5s`. */
  autostop: z.array(z.string()).default([]),
  /** Instead of the target's usual mix. A path with `{code}` stands for one route per seeded code, of the same name, sharing the weight. */
  routes: z.array(routeSchema).min(1).exactOptional(),
});
/** What was asked for. */
export type Profile = z.infer<typeof profileSchema>;

/** Every key that a profile, its stages or its routes may have. */
export const profileKeys: readonly string[] = [
  ...new Set([profileSchema, routeSchema, ...profileStageSchema.options].flatMap(({ shape }) => Object.keys(shape))),
];
