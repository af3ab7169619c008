// The document of `metrics pull`, on stdout and in files.
import * as z from 'zod';
import type { Finding } from '../../model/finding.ts';

const pulledSeriesSchema = z.object({
  metric: z.string(),
  query: z.string(),
  /** Of the metric catalogue for metrics that are in it, else Datadog's name. */
  unit: z.string(),
  /** Length of the buckets that Datadog used. */
  intervalS: z.number().positive(),
  /** Begin of the bucket and its value; an empty bucket has no point. */
  points: z.array(z.tuple([z.iso.datetime(), z.number()]).readonly()),
});
export type PulledSeries = z.infer<typeof pulledSeriesSchema>;

export const pullDocumentSchema = z.object({
  host: z.string(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  series: z.array(pulledSeriesSchema),
  /** Metrics of the queries that gave nothing. */
  missing: z.array(z.string()),
});
export type PullDocument = z.infer<typeof pullDocumentSchema> & {
  /** Why something may be missing. */
  readonly hint?: Finding;
  /** From the host's tags, when Datadog knows it. */
  readonly instanceType?: string;
};
