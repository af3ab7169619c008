// The load as metrics: sent by --publish, and evaluated by a backtest.
import { quickPercentiles } from '../../model/latency/quick-percentiles.ts';
import type { LoadLine } from '../../model/second.ts';
import type { RecordedSeries } from './recorded-series.ts';

/** One second of one stage, all generators together. */
export type LoadInterval = {
  readonly stage: number;
  readonly endMs: number;
  /** By their names in Datadog; absent when there was nothing to measure. Latencies in milliseconds, rates per second. */
  readonly metrics: Readonly<Record<string, number>>;
  /** How many requests ended in it, and how. */
  readonly outcomes: LoadLine['outcomes'];
};

/** Datadog stores points by the second. */
export const loadIntervalS = 1;
const stepMs = loadIntervalS * 1000;
/** An interval stays open for so long after its end. A later line gets an interval of its own. */
const latestMs = 10_000;

/**
 * Aggregates lines to intervals of a second, aligned to the epoch and split by stage. Calls `onInterval` when later lines show that an
 * interval is complete, so that not all lines are kept in memory; `rest` closes those that are still open.
 */
export function createLoadIntervals(onInterval: (interval: LoadInterval) => void) {
  const open = new Map<string, { readonly stage: number; readonly endMs: number; readonly lines: LoadLine[] }>();
  const close = (untilMs: number): void => {
    for (const [key, { stage, endMs, lines }] of open) {
      if (endMs > untilMs) continue;
      open.delete(key);
      onInterval({ stage, endMs, metrics: metricsOf(lines), outcomes: outcomesOf(lines) });
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

/** The intervals of a complete list of lines. */
export function loadIntervals(lines: readonly LoadLine[]): LoadInterval[] {
  const found: LoadInterval[] = [];
  const intervals = createLoadIntervals((interval) => found.push(interval));
  for (const line of lines) intervals.add(line);
  intervals.rest();
  return found.sort((a, b) => a.endMs - b.endMs);
}

/** Collects intervals as series for a backtest, tagged with the host under load. */
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
  // Generators run in parallel: their seconds are the same seconds.
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

function outcomesOf(lines: readonly LoadLine[]): LoadInterval['outcomes'] {
  const sum = (outcome: keyof LoadLine['outcomes']) => total(lines, ({ outcomes }) => outcomes[outcome]);
  return {
    ok: sum('ok'),
    unexpectedStatus: sum('unexpectedStatus'),
    timeout: sum('timeout'),
    connectionError: sum('connectionError'),
  };
}

function total(lines: readonly LoadLine[], count: (line: LoadLine) => number): number {
  return lines.reduce((sum, line) => sum + count(line), 0);
}
