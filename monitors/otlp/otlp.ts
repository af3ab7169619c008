// OpenTelemetry as a destination of --publish: metrics by OTLP over HTTP, as protobuf. The only file that imports OpenTelemetry.
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AggregationTemporality,
  DataPointType,
  type MetricData,
  type ResourceMetrics,
} from '@opentelemetry/sdk-metrics';
import { UserError } from '../../model/user-error.ts';
import type { Destination, PublishedRun } from '../datadog/publish.ts';
import { type LoadInterval, loadIntervalS } from '../query/load-series.ts';

type OtlpDestination = Destination & {
  /** Sends a request without metrics. Throws a UserError when the address does not take it. */
  check(): Promise<void>;
  close(): Promise<void>;
};
type Attributes = Readonly<Record<string, string>>;

/**
 * The metrics of a run, at the address of a collector or an intake; `/v1/metrics` is added where it is missing. Headers come from
 * OTEL_EXPORTER_OTLP_HEADERS, as with any exporter.
 */
export function connectOtlp(url: URL, run: PublishedRun): OtlpDestination {
  const address = new URL(url);
  if (!address.pathname.endsWith('/v1/metrics'))
    address.pathname = `${address.pathname.replace(/\/+$/, '')}/v1/metrics`;
  const exporter = new OTLPMetricExporter({ url: address.href, timeoutMillis: 10_000 });
  const resource = resourceFromAttributes(resourceAttributes(run));
  const send = (metrics: MetricData[]) =>
    new Promise<void>((resolve, reject) => {
      const scopeMetrics = metrics.length === 0 ? [] : [{ scope: { name: 'headroom' }, metrics }];
      exporter.export({ resource, scopeMetrics } satisfies ResourceMetrics, ({ code, error }) => {
        if (code === success) resolve();
        else
          reject(new UserError(`${address.origin}${address.pathname} does not take OTLP metrics: ${causeOf(error)}`));
      });
    });
  return {
    name: address.host,
    metrics: (intervals, stages) => send(metricsOf(intervals, stages)),
    check: () => send([]),
    close: () => exporter.shutdown(),
  };
}

/** The tags of the run under the names of OpenTelemetry's conventions, where those have one. */
function resourceAttributes({ id, profile, instanceType, host, tags }: PublishedRun): Attributes {
  const conventions: Attributes = { service: 'service.name', env: 'deployment.environment.name', version: 'service.version' }; // biome-ignore format: short
  const given = tags.map((tag): [string, string] => {
    const [key = '', ...value] = tag.split(':');
    return [conventions[key] ?? key, value.join(':')];
  });
  return {
    'service.name': 'headroom',
    ...Object.fromEntries(given),
    'host.name': host,
    run: id,
    profile,
    ...(instanceType !== undefined && { instance: instanceType }),
  };
}

/** Rates and latencies as gauges, under their names in Datadog; requests as a sum with delta temporality. */
function metricsOf(intervals: readonly LoadInterval[], stages: ReadonlyMap<number, string>): MetricData[] {
  const names = new Set(intervals.flatMap(({ metrics }) => Object.keys(metrics)));
  const points = (valuesOf: (interval: LoadInterval) => readonly (readonly [value: number, more: Attributes])[]) =>
    intervals.flatMap((interval) =>
      valuesOf(interval).map(([value, more]) => ({
        startTime: hrTime(interval.endMs - 1000 * loadIntervalS),
        endTime: hrTime(interval.endMs),
        attributes: { stage: stages.get(interval.stage) ?? String(interval.stage), ...more },
        value,
      })),
    );
  const gauges = [...names].map(
    (name): MetricData => ({
      descriptor: { name, description: '', unit: unitOf(name), valueType: 1 },
      aggregationTemporality: AggregationTemporality.DELTA,
      dataPointType: DataPointType.GAUGE,
      dataPoints: points(({ metrics }) => (metrics[name] === undefined ? [] : [[metrics[name], {}]])),
    }),
  );
  const requests: MetricData = {
    descriptor: { name: 'headroom.requests', description: 'Requests that ended', unit: '{request}', valueType: 0 },
    aggregationTemporality: AggregationTemporality.DELTA,
    dataPointType: DataPointType.SUM,
    isMonotonic: true,
    dataPoints: points(({ outcomes }) =>
      Object.entries(outcomes).flatMap(([outcome, count]) => (count > 0 ? [[count, { outcome }] as const] : [])),
    ),
  };
  return [...gauges, requests].filter(({ dataPoints }) => dataPoints.length > 0);
}

/** `ExportResultCode.SUCCESS` of @opentelemetry/core. */
const success = 0;

/** In the codes of UCUM, as OpenTelemetry asks. */
function unitOf(name: string): string {
  if (name.endsWith('_ms')) return 'ms';
  return name === 'headroom.in_flight' ? '{request}' : '{request}/s';
}

function hrTime(ms: number): [seconds: number, nanoseconds: number] {
  return [Math.floor(ms / 1000), (ms % 1000) * 1e6];
}

function causeOf(error: Error | undefined): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  const reason = error?.message || 'no reason given';
  return typeof code === 'number' && !reason.includes(String(code)) ? `${reason} (${code})` : reason;
}
