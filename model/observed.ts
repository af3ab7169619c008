// observed.json: what the host did meanwhile, stage by stage. It refers to the run and adds nothing to it.
import * as z from 'zod';

const summarySchema = z.object({
  min: z.number(),
  max: z.number(),
  avg: z.number(),
  samples: z.number().int().positive(),
});
export type SeriesSummary = z.infer<typeof summarySchema>;

/** Two sources of one figure: how far apart they are, and how late the one is after the other. */
const agreementSchema = z.object({
  metric: z.string(),
  /** The source with the finer samples. */
  reference: z.string(),
  other: z.string(),
  /** Mean of other minus reference over the same moments, the lag taken out; in the metric's unit. */
  bias: z.number(),
  /** Seconds by which the other source is late (negative: early). Absent when the figure did not change enough. */
  lagS: z.number().exactOptional(),
  /** Pearson's, at that lag. */
  correlation: z.number().exactOptional(),
  /** Samples of the other source that were compared. */
  samples: z.number().int().positive(),
});
export type Agreement = z.infer<typeof agreementSchema>;

export const observedSchema = z.object({
  schemaVersion: z.literal(1),
  /** The run's id. */
  run: z.string(),
  /** The first one is the source that the run is judged by, as far as it has a metric. */
  sources: z.array(
    z.object({
      source: z.string(),
      host: z.string(),
      /** Mean time between samples. */
      intervalS: z.number().positive(),
      samples: z.number().int().positive(),
      /** Names of the metric catalogue that this source did not give. */
      missing: z.array(z.string()),
    }),
  ),
  /** Parallel to the run's stages; a stage without a sample has no metrics. */
  stages: z.array(
    z.object({
      name: z.string(),
      metrics: z.record(z.string(), summarySchema),
      /** Other busy programs, CPU in percent of one core. */
      services: z.record(z.string(), z.object({ cpuPercent: summarySchema, rssBytes: summarySchema })),
    }),
  ),
  /** Over all measured stages together: what thresholds are judged by. */
  measured: z.record(z.string(), summarySchema),
  /** Of every pair of sources that give the same figure; absent when there is none. */
  agreements: z.array(agreementSchema).exactOptional(),
});
export type Observed = z.infer<typeof observedSchema>;
