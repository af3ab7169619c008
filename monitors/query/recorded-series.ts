// Recorded series as monitors see them: a metric, tags, and points in time.

import { median, min } from 'd3-array';
import type { RecordedFile } from '../../model/recorded/recorded-file.ts';
import type { HostLine } from '../../model/second.ts';

export type RecordedSeries = {
  readonly metric: string;
  /** `key:value`. */
  readonly tags: readonly string[];
  readonly intervalS: number;
  /** How a point sums up an interval that is longer than the agent's; absent for the mean. */
  readonly statistic?: 'max' | 'min' | 'sum';
  /** In order: end of the interval in milliseconds since 1970, and the value over it. */
  readonly points: readonly (readonly [endMs: number, value: number])[];
};

/** The Datadog agent sends one point every 15 seconds. */
export const agentIntervalS = 15;

/**
 * The samples of a run as the agent would have sent them: samples finer than 15 s are averaged to 15 s, since a monitor never sees
 * a single second. `host` is the host's name in the monitors. When several sources have one metric, that of `primary` is used, else
 * that of the first.
 */
export function seriesOfSamples(samples: readonly HostLine[], host: string, primary?: string): RecordedSeries[] {
  const byMetric = new Map<string, HostLine[]>();
  const ofPrimary = samples.filter(({ source }) => source === primary);
  for (const line of [...ofPrimary, ...samples.filter(({ source }) => source !== primary)]) {
    for (const metric of Object.keys(line.metrics)) {
      const own = byMetric.get(metric);
      if (!own) byMetric.set(metric, [line]);
      else if (own[0]?.source === line.source) own.push(line);
    }
  }
  return [...byMetric].map(([metric, lines]) => {
    const finest = min(lines, ({ intervalS }) => intervalS) as number;
    const intervalS = Math.max(agentIntervalS, finest);
    const points = lines.map((line): Weighted => [Date.parse(line.at), line.metrics[metric] ?? 0, line.intervalS]);
    return { metric, tags: [`host:${host}`], intervalS, points: rollUp(points, intervalS) };
  });
}

/** The metrics of a file as those of a host, each with all its statistics. */
export function seriesOfFile({ metrics }: RecordedFile, host: string): RecordedSeries[] {
  return metrics.map(({ metric, statistic, begins, ends, values }) => ({
    metric,
    tags: [`host:${host}`],
    intervalS: Math.round((median(ends.map((end, index) => end - (begins[index] as number))) ?? 0) / 1000),
    ...(statistic !== 'avg' && { statistic }),
    points: Array.from(values, (value, index) => [ends[index] as number, value] as const),
  }));
}

type Weighted = readonly [endMs: number, value: number, weight: number];

/** Weighted means over buckets that are aligned to the epoch, each at its end. */
function rollUp(points: readonly Weighted[], intervalS: number): [endMs: number, value: number][] {
  const stepMs = intervalS * 1000;
  const buckets = new Map<number, { sum: number; weight: number }>();
  for (const [endMs, value, weight] of points) {
    const bucketMs = Math.ceil(endMs / stepMs) * stepMs;
    const bucket = buckets.get(bucketMs) ?? { sum: 0, weight: 0 };
    bucket.sum += value * weight;
    bucket.weight += weight;
    buckets.set(bucketMs, bucket);
  }
  return [...buckets]
    .sort(([a], [b]) => a - b)
    .map(([endMs, { sum, weight }]): [number, number] => [endMs, sum / weight]);
}
