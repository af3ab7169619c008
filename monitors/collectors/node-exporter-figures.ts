// The metrics of node_exporter under the names of the metric catalogue. Its counters become percentages between two scrapes.
import { cpuFigures, type HostFigures } from './host-reader.ts';
import { loadMetrics, memoryMetrics } from './proc/proc-memory.ts';
import { type CpuTicks, cpuPercent, sumTicks } from './proc/proc-stat.ts';
import { type PrometheusSample, parsePrometheus } from './prometheus-text.ts';

export type Scrape = {
  /** The exporter's own clock; absent when its time collector is off. */
  readonly timeS?: number;
  readonly host?: string;
  /** CPU seconds by core, in the order of their numbers. */
  readonly cores: readonly CpuTicks[];
  /** Load and memory. */
  readonly gauges: Readonly<Record<string, number>>;
};

const names = {
  cpu: 'node_cpu_seconds_total',
  time: 'node_time_seconds',
  uname: 'node_uname_info',
  loads: ['node_load1', 'node_load5', 'node_load15'],
  total: 'node_memory_MemTotal_bytes',
  free: 'node_memory_MemFree_bytes',
  usable: 'node_memory_MemAvailable_bytes',
} as const;
const wanted = new Set([names.cpu, names.time, names.uname, ...names.loads, names.total, names.free, names.usable]);

/** Parses one answer; undefined when it is not from a node_exporter. */
export function parseScrape(text: string): Scrape | undefined {
  const samples = parsePrometheus(text, wanted);
  const value = (name: string) => samples.find((sample) => sample.name === name)?.value;
  const cores = coresOf(samples.filter(({ name }) => name === names.cpu));
  if (cores.length === 0) return undefined;
  const timeS = value(names.time);
  const host = samples.find(({ name }) => name === names.uname)?.labels.nodename;
  const loads = names.loads.map((name) => value(name) ?? Number.NaN);
  return {
    ...(timeS !== undefined && { timeS }),
    ...(host !== undefined && { host }),
    cores,
    gauges: {
      ...loadMetrics(loads, cores.length),
      ...memoryMetrics(value(names.total), value(names.free), value(names.usable)),
    },
  };
}

/** The figures between two scrapes; CPU is left out when the number of cores changed. */
export function figuresBetween(before: Scrape, after: Scrape, elapsedS: number): HostFigures {
  const paired = before.cores.length === after.cores.length;
  const cores = paired ? after.cores.map((core, index) => cpuPercent(before.cores[index] ?? core, core, elapsedS)) : [];
  const all = paired ? cpuPercent(sumTicks(before.cores), sumTicks(after.cores), elapsedS * after.cores.length) : {};
  const figures = cpuFigures(all, cores);
  return { ...figures, metrics: { ...figures.metrics, ...after.gauges } };
}

function coresOf(samples: readonly PrometheusSample[]): CpuTicks[] {
  const byCpu = new Map<number, Record<string, number>>();
  for (const { labels, value } of samples) {
    const modes = byCpu.get(Number(labels.cpu)) ?? {};
    modes[labels.mode ?? ''] = value;
    byCpu.set(Number(labels.cpu), modes);
  }
  return [...byCpu]
    .sort(([a], [b]) => a - b)
    .map(([, modes]) => {
      const of = (mode: string) => modes[mode] ?? 0;
      return {
        user: of('user') + of('nice'),
        system: of('system') + of('irq') + of('softirq'),
        iowait: of('iowait'),
        stolen: of('steal'),
        idle: of('idle'),
      };
    });
}
