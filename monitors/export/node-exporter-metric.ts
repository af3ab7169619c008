// The Datadog agent's host metrics in the names of node_exporter: the query, and for tests the series that give it a value.

export type NodeMetric = {
  /** The value of each instance that the selector `at` (the inside of the braces) matches. */
  readonly query: (at: string) => string;
  /** A series that is there as long as the host sends metrics. */
  readonly presence: (at: string) => string;
  /** Series that make the query's value `value`, for promtool: a counter grows by it every second, a gauge has it. */
  readonly series: (value: number) => readonly TestSeries[];
};
export type TestSeries = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly kind: 'counter' | 'gauge';
  readonly value: number;
};

const cpuSeconds = 'node_cpu_seconds_total';

/** Two cores, each of which spends these seconds of every second in the modes. */
function counters(shares: Readonly<Record<string, number>>): TestSeries[] {
  return ['0', '1'].flatMap((cpu) =>
    Object.entries(shares).map(([mode, value]) => ({
      name: cpuSeconds,
      labels: { cpu, mode },
      kind: 'counter',
      value,
    })),
  );
}

/**
 * Percent of the time of all cores that they spend in a mode, over a minute: the agent's own interval is 15 s, which few Prometheus
 * servers scrape often enough for. Divided by the time of all modes, it is right also where the series have just begun.
 */
function cpuMetric(mode: string, others = ''): NodeMetric {
  const perS = (matchers: string) => `sum by (instance) (rate(${cpuSeconds}{${matchers}}[1m]))`;
  return {
    query: (at) => `100 * ${perS(`mode=~"${mode}${others}", ${at}`)} / ${perS(at)}`,
    presence: (at) => `${cpuSeconds}{mode="idle", ${at}}`,
    series: (percent) =>
      counters({ [mode]: percent / 100, [mode === 'idle' ? 'user' : 'idle']: (100 - percent) / 100 }),
  };
}

function loadMetric(minutes: number): NodeMetric {
  const cores = (at: string) => `count by (instance) (${cpuSeconds}{mode="idle", ${at}})`;
  return {
    query: (at) => `sum by (instance) (node_load${minutes}{${at}}) / ${cores(at)}`,
    presence: (at) => `node_load${minutes}{${at}}`,
    series: (perCore) => [
      { name: `node_load${minutes}`, labels: {}, kind: 'gauge', value: perCore * 2 },
      ...counters({ idle: 1 }),
    ],
  };
}

const [usable, total] = ['node_memory_MemAvailable_bytes', 'node_memory_MemTotal_bytes'];
const gibibyte = 2 ** 30;

/** By their names in Datadog. What is missing here has no counterpart that every node_exporter sends. */
export const nodeMetrics: Readonly<Record<string, NodeMetric>> = {
  'system.cpu.user': cpuMetric('user', '|nice'),
  'system.cpu.system': cpuMetric('system', '|irq|softirq'),
  'system.cpu.iowait': cpuMetric('iowait'),
  'system.cpu.stolen': cpuMetric('steal'),
  'system.cpu.idle': cpuMetric('idle'),
  'system.load.norm.1': loadMetric(1),
  'system.load.norm.5': loadMetric(5),
  'system.load.norm.15': loadMetric(15),
  'system.mem.pct_usable': {
    query: (at) => `sum by (instance) (${usable}{${at}}) / sum by (instance) (${total}{${at}})`,
    presence: (at) => `${usable}{${at}}`,
    series: (fraction) => [
      { name: usable, labels: {}, kind: 'gauge', value: Math.round(fraction * gibibyte) },
      { name: total, labels: {}, kind: 'gauge', value: gibibyte },
    ],
  },
};
