// What run.json says of a replayed access log.
import * as z from 'zod';

const count = z.number().int().nonnegative();
const seconds = z.number().nonnegative();

export const replaySchema = z.object({
  files: z.array(z.string()),
  /** Of its lines, as recognized. */
  formats: z.array(z.string()),
  /** The part of the log that was replayed. */
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Times as fast as the log. */
  speed: z.number().positive(),
  /** The chance with which each request was kept: 1, or 1 divided by the speed where CPU credits run as fast as the log. */
  keep: z.number().positive().max(1),
  requests: z.object({
    inLog: count,
    /** Left out: before --from or after --to, of another method, without a path, with one that is longer than servers accept. */
    outside: count,
    otherMethods: z.record(z.string(), count),
    malformed: count,
    tooLong: count,
    /** Lines that were no request that could be read. */
    unreadable: count,
    /** Lines that stood after a later one. */
    outOfOrder: count,
    /** To be sent, from lines without a status; absent in runs before it was counted. */
    withoutStatus: count.exactOptional(),
    /** All times have fractions of a second; where one has none, the place in the second was drawn. */
    isFine: z.boolean(),
    /** To be sent before thinning, and after it. */
    asked: count,
    kept: count,
  }),
  /** Of headroom's own shortener: requests for paths that it does not have, in whose place a link of its own was requested. */
  replaced: count.exactOptional(),
  /** The same by method and path pattern. */
  routes: z.array(z.object({ name: z.string(), asked: count, kept: count })),
  /** Of an emulated instance in standard mode: when its CPU credits run out, in seconds since the replay began. */
  throttle: z
    .object({
      /** Before the replay. */
      predictedAt: z.iso.datetime(),
      /** vCPUs in use at each rate of requests, as measured before the replay. */
      points: z.array(z.object({ ratePerS: z.number().positive(), vcpus: z.number().nonnegative() })),
      /** Each is absent where the credits outlast the replay: at the measured demand, and at the ends of its interval. */
      predictedS: seconds.exactOptional(),
      earliestS: seconds.exactOptional(),
      latestS: seconds.exactOptional(),
      /** After the replay; absent when it was not throttled. */
      measuredS: seconds.exactOptional(),
      /** The replay ended, and the moment was within the interval; absent before. */
      held: z.boolean().exactOptional(),
    })
    .exactOptional(),
});
export type ReplayRecord = z.infer<typeof replaySchema>;
