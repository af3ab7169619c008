// observed.json: what the host did meanwhile, stage by stage. It refers to the run and adds nothing to it.
import { z } from 'zod';

const summarySchema = z.object({
  min: z.number(),
  max: z.number(),
  avg: z.number(),
  samples: z.number().int().positive(),
});
export type SeriesSummary = z.infer<typeof summarySchema>;

export const observedSchema = z.object({
  schemaVersion: z.literal(1),
  /** The run's id. */
  run: z.string(),
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
});
export type Observed = z.infer<typeof observedSchema>;
