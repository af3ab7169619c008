// The figures that a threshold may speak of, with their units. Host metrics carry the Datadog agent's names and units.

export const units = ['us', 'percent', 'per-second', 'count', 'bytes', 'load', 'fraction', 'credits'] as const;
export type Unit = (typeof units)[number];

/** Figures of the load itself: one value per run. */
export const loadMetrics: Readonly<Record<string, Unit>> = {
  'latency.p50': 'us',
  'latency.p90': 'us',
  'latency.p95': 'us',
  'latency.p99': 'us',
  'latency.p999': 'us',
  'latency.max': 'us',
  'latency.mean': 'us',
  'errors.rate': 'percent',
  'errors.count': 'count',
  'dropped.rate': 'percent',
  'dropped.count': 'count',
  throughput: 'per-second',
};

/** Figures of the host and of the app's processes: series, asked for with an aggregation behind the name. */
export const hostMetrics: Readonly<Record<string, Unit>> = {
  'system.cpu.user': 'percent',
  'system.cpu.system': 'percent',
  'system.cpu.iowait': 'percent',
  'system.cpu.stolen': 'percent',
  'system.cpu.idle': 'percent',
  'system.load.1': 'load',
  'system.load.5': 'load',
  'system.load.15': 'load',
  'system.load.norm.1': 'load',
  'system.load.norm.5': 'load',
  'system.load.norm.15': 'load',
  'system.mem.used': 'bytes',
  'system.mem.usable': 'bytes',
  'system.mem.total': 'bytes',
  'system.mem.pct_usable': 'fraction',
  'aws.ec2.cpucredit_balance': 'credits',
  'aws.ec2.cpuutilization': 'percent',
  'app.cpu': 'percent',
  'app.mem.rss': 'bytes',
  'app.event_loop.utilization': 'percent',
};

/** The type that Datadog gives a metric of the agent, of its nginx check or of headroom; undefined for any other metric. */
export function metricType(metric: string): 'gauge' | 'count' | undefined {
  if (/^nginx\.(server_zone|requests)\..*_count$/.test(metric)) return 'count';
  return Object.hasOwn(hostMetrics, metric) || /^(system\.(cpu|load|mem|swap)|headroom)\./.test(metric)
    ? 'gauge'
    : undefined;
}

/** How a series becomes one value. */
export const aggregations = ['min', 'max', 'avg'] as const;
export type Aggregation = (typeof aggregations)[number];
