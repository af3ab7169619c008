// The load itself as metrics: what --publish sends, and what a backtest sees of a run.
import { mergeHistograms, summarize } from '../model/histogram.ts';
import type { LoadLine } from '../model/second.ts';
import type { RecordedSeries } from './recorded-series.ts';

/** One interval of one stage, all generators together. */
export type LoadInterval = {
  readonly stage: number;
  readonly endMs: number;
  /** By the names that Datadog gets; absent when there was nothing to measure. Latencies in milliseconds, rates per second. */
  readonly metrics: Readonly<Record<string, number>>;
};

/** DogStatsD's own flush interval. */
export const loadIntervalS = 10;

/** Rolls seconds up to intervals of 10 s that are aligned to the epoch; one that two stages share is split between them. */
export function loadIntervals(lines: readonly LoadLine[], intervalS = loadIntervalS): LoadInterval[] {
  const groups = new Map<string, LoadLine[]>();
  for (const line of lines) {
    const key = `${endMs(line, intervalS)} ${line.stage}`;
    const group = groups.get(key);
    if (group) group.push(line);
    else groups.set(key, [line]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group as [LoadLine];
    return { stage: first.stage, endMs: endMs(first, intervalS), metrics: metricsOf(group) };
  });
}

/** The series of the load for a backtest, under the name of the host that bore it. */
export function seriesOfLoad(lines: readonly LoadLine[], host: string): RecordedSeries[] {
  const series = new Map<string, [number, number][]>();
  for (const { endMs: at, metrics } of loadIntervals(lines).sort((a, b) => a.endMs - b.endMs)) {
    for (const [metric, value] of Object.entries(metrics)) {
      const points = series.get(metric) ?? [];
      series.set(metric, points);
      points.push([at, value]);
    }
  }
  return [...series].map(([metric, points]) => ({ metric, tags: [`host:${host}`], intervalS: loadIntervalS, points }));
}

function metricsOf(lines: readonly LoadLine[]): Record<string, number> {
  const generators = new Set(lines.map(({ generator }) => generator));
  // Generators run side by side: their seconds are the same seconds.
  const lengthS = total(lines, ({ durationS }) => durationS) / generators.size;
  const latencyUs = summarize(mergeHistograms(lines.flatMap((line) => line.latencyUs ?? [])));
  const rate = (count: number) => count / lengthS;
  const dropped = lines.some((line) => line.dropped !== undefined);
  return {
    ...(lengthS > 0 && {
      'headroom.throughput': rate(total(lines, ({ outcomes }) => outcomes.ok + outcomes.unexpectedStatus)),
      'headroom.errors': rate(
        total(lines, ({ outcomes }) => outcomes.unexpectedStatus + outcomes.timeout + outcomes.connectionError),
      ),
      ...(dropped && { 'headroom.dropped': rate(total(lines, (line) => line.dropped ?? 0)) }),
      'headroom.in_flight': (total(lines, ({ open }) => open) / lines.length) * generators.size,
    }),
    ...(latencyUs && {
      'headroom.latency.p50_ms': latencyUs.p50 / 1000,
      'headroom.latency.p95_ms': latencyUs.p95 / 1000,
      'headroom.latency.p99_ms': latencyUs.p99 / 1000,
    }),
  };
}

function endMs({ at, durationS }: LoadLine, intervalS: number): number {
  const stepMs = intervalS * 1000;
  return Math.ceil((Date.parse(at) + durationS * 1000) / stepMs) * stepMs;
}

function total(lines: readonly LoadLine[], count: (line: LoadLine) => number): number {
  return lines.reduce((sum, line) => sum + count(line), 0);
}
