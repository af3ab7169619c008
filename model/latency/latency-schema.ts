import * as z from 'zod';

const us = z.number().nonnegative();

/** Latency in microseconds; absent as a whole when nothing was measured. */
export const latencySchema = z.object({
  p50: us,
  p90: us,
  p95: us,
  p99: us,
  p999: us,
  max: us,
  mean: us,
  /** How many latencies it was made from. */
  count: z.number().int().positive(),
  /** The encoded histogram, for exact merging. */
  histogram: z.string(),
});
export type Latency = z.infer<typeof latencySchema>;
