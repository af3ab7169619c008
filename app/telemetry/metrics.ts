import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { AggregatorRegistry, Counter, Gauge, type MetricObject, Registry } from 'prom-client';
import { BUCKETS_S, type Tally, type Traffic } from './traffic.ts';

/** The metrics of one worker at one moment, in the form that prom-client adds up over workers. */
export type MetricSnapshot = readonly MetricObject[];

const LAG = 'shortener_event_loop_lag_seconds';

/** Begins to watch this process; each call of what it returns takes a snapshot. */
export function watchMetrics(traffic: Traffic): () => Promise<MetricSnapshot> {
  const registry = new Registry();
  const registers = [registry];
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  // The first scrape tells of all the time since the start.
  let loopBefore = { idle: 0, active: 0, utilization: 0 };
  let cpuBefore = 0;

  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'CPU time of all workers, in seconds',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      const cpu = (user + system) / 1e6;
      this.inc(cpu - cpuBefore);
      cpuBefore = cpu;
    },
  });
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of all workers; what they share counts for each',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Gauge({
    name: LAG,
    help: 'Longest wait for the event loop since the last scrape, in the worst worker',
    aggregator: 'max',
    registers,
    collect() {
      this.set(Math.max(0, delay.max / 1e9 - 0.02));
      delay.reset();
    },
  });
  new Gauge({
    name: 'shortener_event_loop_utilization',
    help: 'Share of time that the event loop was busy since the last scrape, in the busiest worker',
    aggregator: 'max',
    registers,
    collect() {
      const now = performance.eventLoopUtilization();
      this.set(performance.eventLoopUtilization(now, loopBefore).utilization);
      loopBefore = now;
    },
  });
  new Gauge({ name: 'shortener_workers', help: 'Workers that answer', registers }).set(1);

  return async () => {
    // Nobody has watched the lag before the first scrape: no data is not 0 seconds.
    const lagKnown = delay.count > 0;
    const own = await registry.getMetricsAsJSON();
    return [...own.filter(({ name }) => lagKnown || name !== LAG), requestMetric(traffic)];
  };
}

/** The text of /metrics: the snapshots of all workers, added up. */
export async function metricsText(snapshots: readonly MetricSnapshot[]): Promise<string> {
  return AggregatorRegistry.aggregate(snapshots.map((snapshot) => [...snapshot])).metrics();
}

function requestMetric(traffic: Traffic): MetricObject {
  const name = 'shortener_request_duration_seconds';
  const metric = {
    name,
    help: 'Time from the parsed request head to the end of the answer, by route and status',
    type: 'histogram',
    aggregator: 'sum',
    values: [...traffic.tallies()].flatMap((tally) => histogramValues(name, tally)),
  };
  return metric as unknown as MetricObject;
}

function histogramValues(name: string, { method, route, status, count, totalS, buckets }: Tally): object[] {
  const labels = { method, route, status: String(status) };
  let below = 0;
  const cumulative = buckets.map((inBucket, at) => {
    below += inBucket;
    return { metricName: `${name}_bucket`, labels: { le: BUCKETS_S[at] ?? '+Inf', ...labels }, value: below };
  });
  return [
    ...cumulative,
    { metricName: `${name}_sum`, labels, value: totalS },
    { metricName: `${name}_count`, labels, value: count },
  ];
}
