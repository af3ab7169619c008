import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { AggregatorRegistry, Counter, Gauge, type MetricObject, Registry } from 'prom-client';
import { BUCKETS_S, type Tally, type Traffic } from './traffic.ts';

/** The metrics of one worker at one moment, in the form that prom-client aggregates. */
export type MetricSnapshot = readonly MetricObject[];

const LAG = 'shortener_event_loop_lag_seconds';

/** Starts to measure this process; each call of the returned function takes a snapshot. */
export function watchMetrics(traffic: Traffic): () => Promise<MetricSnapshot> {
  const registry = new Registry();
  const registers = [registry];
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  // The first scrape covers all the time since the start.
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
    help: 'Resident memory of all workers, in bytes; shared pages count once per worker',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Gauge({
    name: LAG,
    help: 'Longest event loop delay since the last scrape, in the slowest worker',
    aggregator: 'max',
    registers,
    collect() {
      this.set(Math.max(0, delay.max / 1e9 - 0.02));
      delay.reset();
    },
  });
  new Gauge({
    name: 'shortener_event_loop_utilization',
    help: 'Share of time the event loop was busy since the last scrape, in the busiest worker',
    aggregator: 'max',
    registers,
    collect() {
      const now = performance.eventLoopUtilization();
      this.set(performance.eventLoopUtilization(now, loopBefore).utilization);
      loopBefore = now;
    },
  });
  new Gauge({ name: 'shortener_workers', help: 'Number of workers that answer', registers }).set(1);

  return async () => {
    // Before the first scrape the lag was not measured: no data is not 0 seconds.
    const lagKnown = delay.count > 0;
    const own = await registry.getMetricsAsJSON();
    return [...own.filter(({ name }) => lagKnown || name !== LAG), requestMetric(traffic)];
  };
}

/** The text of /metrics: the snapshots of all workers, aggregated. */
export async function metricsText(snapshots: readonly MetricSnapshot[]): Promise<string> {
  return AggregatorRegistry.aggregate(snapshots.map((snapshot) => [...snapshot])).metrics();
}

function requestMetric(traffic: Traffic): MetricObject {
  const name = 'shortener_request_duration_seconds';
  const metric = {
    name,
    help: 'Time from the parsed request head to the end of the response, by route and status',
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
