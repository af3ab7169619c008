// The document of `metrics pull`, on stdout and in files.
import type { Finding } from '../../model/finding.ts';

export type PulledSeries = {
  readonly metric: string;
  readonly query: string;
  /** Of the metric catalogue for metrics that are in it, else Datadog's name. */
  readonly unit: string;
  /** Length of the buckets that Datadog used. */
  readonly intervalS: number;
  /** Begin of the bucket and its value; an empty bucket has no point. */
  readonly points: readonly (readonly [iso: string, value: number])[];
};

export type PullDocument = {
  readonly host: string;
  readonly from: string;
  readonly to: string;
  readonly series: readonly PulledSeries[];
  /** Metrics of the queries that gave nothing. */
  readonly missing: readonly string[];
  /** Why something may be missing. */
  readonly hint?: Finding;
  /** From the host's tags, when Datadog knows it. */
  readonly instanceType?: string;
};
