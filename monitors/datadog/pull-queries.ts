// What is asked of Datadog for a host, and over which buckets.

/** One query and what its points are. */
export type PullQuery = {
  readonly metric: string;
  /** With the roll-up. */
  readonly query: string;
  readonly intervalS: number;
};

/** The bad end of each metric: where Datadog's own averages over minutes would hide the peak. */
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
/** CloudWatch's own period. */
const crawledIntervalS = 300;

/** The queries for everything that headroom knows of a host; buckets of the agent's 15 s as long as the window allows. */
export function hostQueries(host: string, windowS: number): PullQuery[] {
  return Object.entries(worst).map(([metric, worstEnd]) => {
    const intervalS = Math.max(bucketS(windowS), metric.startsWith('aws.') ? crawledIntervalS : 0);
    return { metric, query: `${worstEnd}:${metric}{host:${host}}.rollup(${worstEnd}, ${intervalS})`, intervalS };
  });
}

/** The user's own queries; they keep the roll-up that they have, and get the peaks of their aggregation when they have none. */
export function ownQueries(queries: readonly string[], windowS: number): PullQuery[] {
  return queries.map((query) => {
    const [, metric = query] = /(?:^|:)([A-Za-z][\w.]*)\{/.exec(query) ?? [];
    const [, asked] = /\.rollup\([^)]*?(\d+)\s*\)/.exec(query) ?? [];
    if (asked !== undefined) return { metric, query, intervalS: Number(asked) };
    const intervalS = bucketS(windowS);
    const [, aggregation] = /^(max|min|avg|sum):[\w.]+\{[^{}]*\}(?:\s*by\s*\{[^{}]*\})?$/.exec(query) ?? [];
    return { metric, query: aggregation ? `${query}.rollup(${aggregation}, ${intervalS})` : query, intervalS };
  });
}

/** Two days at the agent's resolution are 8 pieces of 1,400 points; longer windows get longer buckets. */
function bucketS(windowS: number): number {
  if (windowS <= 2 * 86_400) return 15;
  return windowS <= 14 * 86_400 ? 60 : 300;
}
