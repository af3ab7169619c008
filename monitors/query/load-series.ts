// The load itself as metrics: what --publish sends, and what a backtest sees of a run.
import { quickPercentiles } from '../../model/quick-percentiles.ts';
import type { LoadLine } from '../../model/second.ts';
import type { RecordedSeries } from './recorded-series.ts';

/** One second of one stage, all generators together. */
export type LoadInterval = {
  readonly stage: number;
  readonly endMs: number;
  /** By the names that Datadog gets; absent when there was nothing to measure. Latencies in milliseconds, rates per second. */
  readonly metrics: Readonly<Record<string, number>>;
};

/** Points that are sent to the API are stored by the second. */
export const loadIntervalS = 1;
const stepMs = loadIntervalS * 1000;
/** A line that comes so much later than those after it makes an interval of its own. */
const latestMs = 10_000;

/**
 * Rolls lines up to intervals of a second that are aligned to the epoch; one that two stages share is split between them. An interval
 * is given when the lines have left it behind, so that a day's lines need not be kept; `rest` gives those that are still open.
 */
export function createLoadIntervals(onInterval: (interval: LoadInterval) => void) {
  const open = new Map<string, { readonly stage: number; readonly endMs: number; readonly lines: LoadLine[] }>();
  const close = (untilMs: number): void => {
    for (const [key, { stage, endMs, lines }] of open) {
      if (endMs > untilMs) continue;
      open.delete(key);
      onInterval({ stage, endMs, metrics: metricsOf(lines) });
    }
  };
  return {
    add: (line: LoadLine): void => {
      const endMs = Math.ceil((Date.parse(line.at) + line.durationS * 1000) / stepMs) * stepMs;
      const key = `${endMs} ${line.stage}`;
      const known = open.get(key);
      if (known) known.lines.push(line);
      else {
        open.set(key, { stage: line.stage, endMs, lines: [line] });
        close(endMs - latestMs);
      }
    },
    rest: (): void => close(Number.POSITIVE_INFINITY),
  };
}

/** The intervals of lines that are all there. */
export function loadIntervals(lines: readonly LoadLine[]): LoadInterval[] {
  const found: LoadInterval[] = [];
  const intervals = createLoadIntervals((interval) => found.push(interval));
  for (const line of lines) intervals.add(line);
  intervals.rest();
  return found.sort((a, b) => a.endMs - b.endMs);
}

/** Puts intervals together to the series of a backtest, under the name of the host that bore the load. */
export function createLoadSeries(host: string) {
  const series = new Map<string, [number, number][]>();
  return {
    add: ({ endMs, metrics }: LoadInterval): void => {
      for (const [metric, value] of Object.entries(metrics)) {
        const points = series.get(metric);
        if (points) points.push([endMs, value]);
        else series.set(metric, [[endMs, value]]);
      }
    },
    all: (): RecordedSeries[] =>
      [...series].map(([metric, points]) => ({
        metric,
        tags: [`host:${host}`],
        intervalS: loadIntervalS,
        points: points.sort(([a], [b]) => a - b),
      })),
  };
}

function metricsOf(lines: readonly LoadLine[]): Record<string, number> {
  const generators = new Set(lines.map(({ generator }) => generator));
  // Generators run side by side: their seconds are the same seconds.
  const lengthS = total(lines, ({ durationS }) => durationS) / generators.size;
  const [p50, p95, p99] =
    quickPercentiles(
      lines.flatMap((line) => line.latencyUs ?? []),
      [50, 95, 99],
    ) ?? [];
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
    ...(p50 !== undefined && { 'headroom.latency.p50_ms': p50 / 1000 }),
    ...(p95 !== undefined && { 'headroom.latency.p95_ms': p95 / 1000 }),
    ...(p99 !== undefined && { 'headroom.latency.p99_ms': p99 / 1000 }),
  };
}

function total(lines: readonly LoadLine[], count: (line: LoadLine) => number): number {
  return lines.reduce((sum, line) => sum + count(line), 0);
}
