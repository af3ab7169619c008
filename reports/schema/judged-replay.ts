// The part of a judgement that is about a replayed access log.
import * as z from 'zod';
import { findingSchema } from '../../model/finding.ts';

const count = z.number().int().nonnegative();
const us = z.number().nonnegative();

export const judgedReplaySchema = z.object({
  /** What was asked and what was sent. */
  summary: findingSchema,
  /** The moment without CPU credits, as predicted and as measured; absent where none was predicted. */
  throttle: findingSchema.exactOptional(),
  /** Method and path pattern: requests of the log, those to be sent, those that were answered as in the log or otherwise. */
  routes: z.array(
    z.object({
      name: z.string(),
      asked: count,
      kept: count,
      ok: count,
      failed: count,
      p99Us: us.exactOptional(),
      /** Answers with another status than in the log, the most frequent first; `inLog` is 0 where the log has none. */
      differing: z.array(z.object({ inLog: count, status: count, requests: count })),
    }),
  ),
  /** Where the day hurt: of 24 equal parts of the log's time those with errors or drops, and the slowest; the worst first. */
  worst: z.array(
    z.object({
      from: z.iso.datetime(),
      to: z.iso.datetime(),
      sentPerS: z.number().nonnegative(),
      errors: z.number().nonnegative(),
      /** Of its slowest second. */
      p99Us: us.exactOptional(),
      /** CPU credits: the lowest balance. */
      credits: z.number().nonnegative().exactOptional(),
    }),
  ),
});
export type JudgedReplay = z.infer<typeof judgedReplaySchema>;
