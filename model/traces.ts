import * as z from 'zod';

const count = z.number().int().nonnegative();

/** A request that carried a trace context. */
const tracedRequestSchema = z.object({
  traceId: z.string(),
  route: z.string(),
  /** Its intended start. */
  at: z.iso.datetime(),
  /** From the intended start; of a time-out its age. */
  latencyUs: count,
  /** Absent when it timed out. */
  status: count.exactOptional(),
});
export type TracedRequest = z.infer<typeof tracedRequestSchema>;

/** With --trace: how many requests carried a trace context, and the slowest of them, the slowest first. */
export const tracesSchema = z.object({ sampled: count, slowest: z.array(tracedRequestSchema) });
