import * as z from 'zod';
import { maxConnections, ratePerS, type StageKind, stageName } from './load-stage.ts';

/** Searches the highest arrival rate that meets the SLO, by open stages of a few seconds (probes). */
export const capacityStage = z.strictObject({
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
  maxConnections: maxConnections.default(256),
  /** What a probe must meet; --slo replaces it. */
  slo: z.array(z.string()).min(1).default(['latency.p99 < 100ms', 'errors.rate < 1%']),
});

export type CapacityStage = z.infer<typeof capacityStage>;

/** A search takes about 20 probes and the pauses between them, which are counted as probes here. */
const probes = 28;

export const capacity: StageKind<CapacityStage> = {
  engine: () => 'open',
  plannedS: (stage) => stage.durationS * probes,
  highestPerS: () => Number.POSITIVE_INFINITY,
  becomesMany: true,
  scaled: (stage, times) => ({ ...stage, from: times(stage.from) }),
};
