// What a collector gets, decoded by the protobuf definitions of OpenTelemetry (opentelemetry-proto, as its Python package 1.45.0 has them).
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import protobuf from 'protobufjs';
import type { LoadLine } from '../../../model/second.ts';
import { createPublisher } from '../../datadog/publish.ts';
import { connectOtlp } from '../../otlp/otlp.ts';
import { fakeClock } from '../fake-clock.ts';

const definitions = JSON.parse(readFileSync(new URL('../fixtures/otlp.json', import.meta.url), 'utf8'));
const request = protobuf.Root.fromJSON(definitions).lookupType('opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest'); // biome-ignore format: one line
const start = Date.UTC(2026, 0, 1, 12);
const run = { id: 'r1', profile: 'load', instanceType: 't2.micro', host: 'i-0abc', tags: ['service:shop', 'env:prod', 'version:1.2', 'team:web'] }; // biome-ignore format: one line

type Sent = { readonly path: string; readonly type: string | undefined; readonly body: Record<string, unknown> };
let sent: Sent[] = [];
let status = 200;
const server = createServer((incoming, answer) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk) => chunks.push(chunk));
  incoming.on('end', () => {
    const whole = Buffer.concat(chunks);
    const bytes = incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(whole) : whole;
    const body = request.toObject(request.decode(bytes), { longs: Number, enums: String });
    sent.push({ path: incoming.url ?? '', type: incoming.headers['content-type'], body });
    answer.writeHead(status, { 'content-type': 'application/x-protobuf' }).end();
  });
});
const address = (path = '') => new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
beforeEach(async () => {
  sent = [];
  status = 200;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.close();
});

const line = (second: number): LoadLine => ({
  kind: 'load',
  stage: 0,
  generator: 0,
  at: new Date(start + 1000 * second).toISOString(),
  durationS: 1,
  sent: 103,
  outcomes: { ok: 100, unexpectedStatus: 2, timeout: 1, connectionError: 0 },
  statusCounts: {},
  routes: {},
  open: 8,
  eventLoopUtilization: 0,
  cpuS: 0,
});
const nano = (second: number) => (start + 1000 * second) * 1e6;

test('a second of load is gauges, and a sum of its requests with delta temporality', async () => {
  const destination = connectOtlp(address(), run);
  const publisher = createPublisher(destination, run, fakeClock(start + 60_000));
  publisher.line({ kind: 'stage', stage: 0, name: '100/s', stageKind: 'open', role: 'measured', startedAt: new Date(start).toISOString() }); // biome-ignore format: one line
  for (const second of [0, 1]) publisher.line(line(second));
  expect(await publisher.ended('', true)).toEqual([]);
  await destination.close();

  expect(sent).toMatchObject([{ path: '/v1/metrics', type: 'application/x-protobuf' }]);
  const [resource] = (sent[0]?.body.resource_metrics ?? []) as { resource: object; scope_metrics: { metrics: { name: string }[] }[] }[]; // biome-ignore format: one line
  const attribute = (key: string, text: string) => ({ key, value: { string_value: text } });
  expect(resource?.resource).toMatchObject({
    attributes: expect.arrayContaining([
      attribute('service.name', 'shop'),
      attribute('deployment.environment.name', 'prod'),
      attribute('service.version', '1.2'),
      attribute('team', 'web'),
      attribute('host.name', 'i-0abc'),
      attribute('run', 'r1'),
      attribute('profile', 'load'),
      attribute('instance', 't2.micro'),
    ]),
  });
  const metrics = new Map(resource?.scope_metrics[0]?.metrics.map((metric) => [metric.name, metric]));
  expect([...metrics.keys()]).toEqual(['headroom.throughput', 'headroom.errors', 'headroom.in_flight', 'headroom.requests']); // biome-ignore format: one line
  const stage = attribute('stage', '100/s');
  expect(metrics.get('headroom.throughput')).toMatchObject({
    unit: '{request}/s',
    gauge: {
      data_points: [1, 2].map((end) => ({ attributes: [stage], time_unix_nano: nano(end), as_double: 102 })),
    },
  });
  const outcomes = Object.entries({ ok: 100, unexpectedStatus: 2, timeout: 1 });
  expect(metrics.get('headroom.requests')).toMatchObject({
    sum: {
      aggregation_temporality: 'AGGREGATION_TEMPORALITY_DELTA',
      is_monotonic: true,
      data_points: [0, 1].flatMap((begin) =>
        outcomes.map(([outcome, count]) => ({
          attributes: [stage, attribute('outcome', outcome)],
          start_time_unix_nano: nano(begin),
          time_unix_nano: nano(begin + 1),
          as_int: count,
        })),
      ),
    },
  });
});

test('an address keeps its path, and a check sends no metric', async () => {
  for (const path of ['/otlp/', '/otlp/v1/metrics']) {
    const destination = connectOtlp(address(path), run);
    await destination.check();
    await destination.close();
  }
  expect(sent.map(({ path }) => path)).toEqual(['/otlp/v1/metrics', '/otlp/v1/metrics']);
});

test('an address that does not take metrics is a mistake that names it', async () => {
  status = 404;
  const destination = connectOtlp(address(), run);
  await expect(destination.check()).rejects.toThrow(`${address('/v1/metrics').href} does not take OTLP metrics: Not Found (404)`); // biome-ignore format: one line
  await destination.close();
});
