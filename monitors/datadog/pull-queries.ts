// The queries of a pull, and the length of their buckets.
import { metricType } from '../../model/metric.ts';
import { metricOfQuery, splitQueries } from '../../model/recorded/metric-query.ts';
import { UserError } from '../../model/user-error.ts';

/** One query and the interval of its points. */
export type PullQuery = {
  readonly metric: string;
  /** With the roll-up. */
  readonly query: string;
  readonly intervalS: number;
};

/** The worse extreme of each metric, which Datadog's own averages over minutes would hide. */
const worst: Readonly<Record<string, 'max' | 'min'>> = {
  'system.cpu.user': 'max',
  'system.cpu.system': 'max',
  'system.cpu.iowait': 'max',
  'system.cpu.stolen': 'max',
  'system.cpu.idle': 'min',
  'system.load.1': 'max',
  'system.load.5': 'max',
  'system.load.15': 'max',
  'system.load.norm.1': 'max',
  'system.mem.used': 'max',
  'system.mem.usable': 'min',
  'system.mem.pct_usable': 'min',
  'system.mem.total': 'max',
  'aws.ec2.cpucredit_balance': 'min',
};
const calendarHours: Readonly<Record<string, number>> = {
  hourly: 1,
  daily: 24,
  weekly: 168,
  monthly: 720,
  quarterly: 2160,
  yearly: 8760,
};
/** CloudWatch's own period. */
const crawledIntervalS = 300;

/** The queries for all metrics that headroom knows of a host, in buckets of the agent's 15 s where the window allows. */
export function hostQueries(host: string, windowS: number): PullQuery[] {
  return Object.entries(worst).map(([metric, worstEnd]) => {
    const intervalS = Math.max(bucketS(windowS), metric.startsWith('aws.') ? crawledIntervalS : 0);
    return { metric, query: `${worstEnd}:${metric}{host:${host}}.rollup(${worstEnd}, ${intervalS})`, intervalS };
  });
}

/**
 * The user's queries, each once, also where several stand in one text. They keep their roll-up; without one they get that of their
 * aggregation, to keep the peaks. A query whose values are not those of a metric is filed under its own text. Throws a UserError for
 * an empty query.
 */
export function ownQueries(texts: readonly string[], windowS: number): PullQuery[] {
  const queries = [...new Set(texts.flatMap(splitQueries))];
  if (queries.includes(''))
    throw new UserError("--metric has an empty query: write it like 'avg:system.cpu.idle{host:i-0abc}'");
  return queries.map((query) => {
    const metric = metricOfQuery(query) ?? query;
    const [, asked] = /\.\s*rollup\s*\([^)]*?\b(\d+)\s*\)/.exec(query) ?? [];
    if (asked !== undefined) return { metric, query, intervalS: Number(asked) };
    // Its buckets must not be cut by the pieces in which a long window comes.
    const [, , calendar] =
      /\.\s*rollup\s*\(([^)]*,)?\s*(hourly|daily|weekly|monthly|quarterly|yearly)\b/.exec(query) ?? [];
    if (calendar !== undefined) return { metric, query, intervalS: 3600 * (calendarHours[calendar] ?? 1) };
    const intervalS = bucketS(windowS);
    const [, aggregation] = /^(max|min|avg|sum):[\w.]+\{[^{}]*\}(?:\s*by\s*\{[^{}]*\})?$/.exec(query) ?? [];
    const method = aggregation === undefined ? undefined : overTime(aggregation, metric);
    return { metric, query: method ? `${query}.rollup(${method}, ${intervalS})` : query, intervalS };
  });
}

/** The sum across the series of a gauge is not one over time, and the mean across those of a count is a sum over time. */
function overTime(aggregation: string, metric: string): string {
  const type = metricType(metric);
  if (aggregation === 'sum' && type === 'gauge') return 'avg';
  return aggregation === 'avg' && type === 'count' ? 'sum' : aggregation;
}

/** Two days at the agent's resolution are 8 pieces of 1,400 points; longer windows get longer buckets. */
function bucketS(windowS: number): number {
  if (windowS <= 2 * 86_400) return 15;
  return windowS <= 14 * 86_400 ? 60 : 300;
}
