import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hostLineSchema } from '../../../model/second.ts';
import { connectDatadog, type Datadog } from '../../datadog/datadog.ts';
import { pullMetrics } from '../../datadog/pull.ts';
import { datadogSamples } from '../../datadog/source.ts';
import { fakeClock } from '../fake-clock.ts';
import { type FakeDatadog, type Fault, keys, startFakeDatadog } from '../fake-datadog/server.ts';

const begin = Date.UTC(2026, 0, 1, 12) / 1000;
const iso = (second: number) => new Date(second * 1000).toISOString();
const host = 'i-0abc';
let fake: FakeDatadog;
let datadog: Datadog;
beforeEach(async () => {
  fake = await startFakeDatadog();
  datadog = connectDatadog({ ...keys, apiUrl: fake.url });
});
afterEach(() => fake.close());

/** A point every 15 s as the agent sends them, `value` of the index. */
function report(metric: string, value: (index: number) => number, count: number, from = begin) {
  const points = Array.from({ length: count }, (_, index): [number, number] => [from + index * 15, value(index)]);
  fake.metrics.stored.push({ metric, tags: [`host:${host}`], points });
}

const later = fakeClock((begin + 86_400) * 1000);
const options = { host, from: iso(begin), to: iso(begin + 600), clock: later };

describe('pullMetrics', () => {
  test('keeps peaks that an average would hide, the interval, and gaps as gaps', async () => {
    report('system.cpu.user', (index) => (index === 7 ? 99 : 3), 20);
    report('system.cpu.user', () => 5, 10, begin + 400);
    report('system.cpu.idle', (index) => (index === 7 ? 0 : 90), 20);
    const { document, exitCode } = await pullMetrics({ ...options, datadog });
    const user = document.series.find(({ metric }) => metric === 'system.cpu.user');
    expect(user).toMatchObject({
      query: 'max:system.cpu.user{host:i-0abc}.rollup(max, 15)',
      unit: 'percent',
      intervalS: 15,
    });
    expect(user?.points[7]).toEqual([iso(begin + 105), 99]);
    const gap = user?.points.filter(([at]) => at > iso(begin + 300) && at < iso(begin + 390));
    expect(gap).toEqual([]);
    const idle = document.series.find(({ metric }) => metric === 'system.cpu.idle');
    expect(Math.min(...(idle?.points.map(([, value]) => value) ?? []))).toBe(0);
    expect(document.missing).toContain('aws.ec2.cpucredit_balance');
    expect(exitCode).toBe(0);
  });

  test('memory comes in bytes though the agent sends mebibytes', async () => {
    report('system.mem.used', () => 512, 4);
    const { document } = await pullMetrics({ ...options, datadog });
    expect(document.series).toMatchObject([{ metric: 'system.mem.used', unit: 'bytes' }]);
    expect(document.series[0]?.points[0]?.[1]).toBe(512 * 1024 ** 2);
  });

  test('a long window comes in pieces that meet without gap or overlap', async () => {
    const hours = 14;
    // The agent sends within the bucket, not at its begin.
    report('system.cpu.user', (index) => index, hours * 240, begin + 8);
    const { document } = await pullMetrics({ ...options, to: iso(begin + hours * 3600), datadog });
    const points = document.series[0]?.points ?? [];
    expect(points.map(([, value]) => value)).toEqual(Array.from({ length: hours * 240 }, (_, index) => index));
    expect(fake.calls('GET /api/v1/query')).toBe(3 + 1);
  });

  test('what begins at the end of the window, or later, is not in it', async () => {
    report('system.cpu.user', (index) => index, 60);
    const { document } = await pullMetrics({ ...options, datadog });
    expect(document.series[0]?.points.at(-1)).toEqual([iso(begin + 585), 39]);
  });

  test('nulls that arithmetic gives are no points', async () => {
    report('system.cpu.idle', () => 40, 2);
    const queries = ['100 - avg:system.cpu.idle{host:i-0abc}.rollup(avg, 15)'];
    const { document } = await pullMetrics({ ...options, queries, datadog });
    expect(document.series[0]?.points).toEqual([
      [iso(begin), 60],
      [iso(begin + 15), 60],
    ]);
  });

  test('arithmetic is filed under its text, and every query of one text is pulled', async () => {
    report('system.cpu.idle', () => 40, 2);
    report('system.cpu.user', () => 7, 2);
    const busy = '100 - avg:system.cpu.idle{host:i-0abc}';
    const queries = [`${busy},avg:system.cpu.user{host:i-0abc},avg:system.load.1{host:i-0abc}`];
    const { document } = await pullMetrics({ ...options, queries, datadog });
    expect(document.series.map(({ metric, points }) => [metric, points[0]?.[1]])).toEqual([
      [busy, 60],
      ['system.cpu.user', 7],
    ]);
    expect(document.missing).toEqual(['system.load.1']);
  });

  test('a series of a grouped query names its group, also when it is the only one', async () => {
    const points = [[begin * 1000, 95]] as const;
    const only = { metric: 'system.cpu.user', queryIndex: 0, scope: 'host:i-0other', intervalS: 15, points };
    const grouped = { ...datadog, queryMetrics: async () => [only] };
    const queries = ['avg:system.cpu.user{*} by {host}'];
    const { document } = await pullMetrics({ ...options, queries, datadog: grouped });
    expect(document.series[0]?.query).toBe('avg:system.cpu.user{*} by {host}.rollup(avg, 15) (host:i-0other)');
  });

  test('an unknown host is missing, with a hint, and no verdict', async () => {
    fake.metrics.hosts.push(
      { name: 'web', aliases: [], tags_by_source: {} },
      { name: 'i-0bcd', aliases: [], tags_by_source: {} },
      { name: 'i-0abd', aliases: [], tags_by_source: {} },
    );
    const { document, exitCode, text } = await pullMetrics({ ...options, datadog });
    expect(document.series).toEqual([]);
    expect(document.hint).toMatchObject({ code: 'host-unknown', host: 'i-0abc', near: ['i-0abd', 'i-0bcd'] });
    expect(text).toContain('Datadog does not know the host i-0abc. Did you mean i-0abd or i-0bcd?');
    expect(exitCode).toBe(4);
  });

  test('a host that was silent is not a host that was idle', async () => {
    fake.metrics.hosts.push({ name: host, aliases: [], tags_by_source: {} });
    const { document } = await pullMetrics({ ...options, datadog });
    expect(document.hint).toMatchObject({ code: 'host-sent-nothing', host: 'i-0abc' });
  });

  test('the instance type comes from the tags of the host', async () => {
    report('system.cpu.user', () => 1, 4);
    const tags = ['region:eu-west-1', 'instance-type:t2.medium'];
    fake.metrics.hosts.push({ name: 'web', aliases: [host], tags_by_source: { 'Amazon Web Services': tags } });
    expect((await pullMetrics({ ...options, datadog })).document.instanceType).toBe('t2.medium');
  });

  test('waits until late points are in, and says so', async () => {
    report('system.cpu.user', () => 50, 40);
    fake.metrics.visible.untilS = begin + 540;
    const said: string[] = [];
    const clock = fakeClock((begin + 601) * 1000, (now) => {
      if (now > (begin + 630) * 1000) fake.metrics.visible.untilS = Number.POSITIVE_INFINITY;
    });
    const { document } = await pullMetrics({ ...options, clock, datadog, onProgress: (text) => said.push(text) });
    expect(document.series[0]?.points).toHaveLength(40);
    expect(clock.slept).toEqual([10_000, 10_000, 10_000]);
    expect(said[0]).toBe(
      'Waiting for system.cpu.user in Datadog: the newest point is 45 s before the end of the window',
    );
  });

  test('a window between two points of the agent has the bucket that it lies in, and is not waited for', async () => {
    report('system.cpu.user', (index) => index, 4);
    const clock = fakeClock((begin + 60) * 1000);
    const within = { from: iso(begin + 32), to: iso(begin + 38) };
    const { document } = await pullMetrics({ ...options, ...within, clock, datadog });
    expect(clock.slept).toEqual([]);
    expect(document.series[0]?.points).toEqual([[iso(begin + 30), 2]]);
  });

  test('waits no longer than maxLagS', async () => {
    const clock = fakeClock((begin + 601) * 1000);
    const { exitCode } = await pullMetrics({ ...options, clock, datadog, maxLagS: 60 });
    expect(clock.slept).toHaveLength(6);
    expect(exitCode).toBe(4);
  });

  test.each([
    [{ from: 'yesterday' }, '--from yesterday is not a time'],
    [{ from: '2026-02-30T09:00:00Z' }, '--from 2026-02-30T09:00:00Z is not a time'],
    [{ from: '2026-03-01T09:00:00' }, '--from 2026-03-01T09:00:00 is not a time'],
    [{ from: '5' }, '--from 5 is not a time'],
    [{ from: '2026-13-01' }, '--from 2026-13-01 is not a time'],
    [{ to: iso(begin - 1) }, 'must be later than --from'],
    [{ to: iso(begin + 172_800) }, 'must not be in the future'],
    [{ queries: ['avg:system.cpu.user{}'] }, 'Error parsing query'],
  ])('%j: %s', async (wrong, why) => {
    await expect(pullMetrics({ ...options, ...wrong, datadog })).rejects.toThrow(why);
  });
});

test('as a source of a run: samples at the end of their buckets, one for all metrics', async () => {
  report('system.cpu.user', (index) => index, 4);
  report('system.load.1', () => 0.5, 4);
  const { lines } = await datadogSamples({ ...options, datadog });
  expect(lines.map((line) => hostLineSchema.parse(line))).toHaveLength(4);
  expect(lines[1]).toEqual({
    kind: 'host',
    at: iso(begin + 30),
    source: 'datadog',
    host,
    intervalS: 15,
    metrics: { 'system.cpu.user': 1, 'system.load.1': 0.5 },
  });
});

describe('faults while pulling', () => {
  /** Waits take no time. */
  const retrying = () =>
    connectDatadog({ ...keys, apiUrl: fake.url }, { clock: fakeClock(0), timeoutMs: 200, onWait: () => undefined });

  test.each<[string, Fault]>([
    ['429 with a header', { kind: 'limited', resetS: 7 }],
    ['429 without a header', { kind: 'limited' }],
    ['500', { kind: 'status', status: 500, stored: 'before' }],
    ['reset', { kind: 'reset', stored: 'before' }],
    ['silence', { kind: 'hang' }],
    ['an empty answer', { kind: 'empty' }],
    ['a cut answer', { kind: 'cut' }],
  ])('%s once costs no point', async (_, fault) => {
    report('system.cpu.user', (index) => index, 4);
    fake.fault('GET /api/v1/query', fault);
    const { document } = await pullMetrics({ ...options, datadog: retrying() });
    expect(document.series[0]?.points.map(([, value]) => value)).toEqual([0, 1, 2, 3]);
  });

  test('without an end is one sentence, and no "CPU 0 %"', async () => {
    fake.fault('GET /api/v1/query', ...Array.from({ length: 20 }, (): Fault => ({ kind: 'hang' })));
    await expect(pullMetrics({ ...options, datadog: retrying() })).rejects.toThrow(
      /did not answer GET \/api\/v1\/query in 5 attempts: no answer in 0.2 s/,
    );
  });

  test('a web page says that the address is wrong', async () => {
    fake.fault('GET /api/v1/query', { kind: 'html' });
    await expect(pullMetrics({ ...options, datadog: retrying() })).rejects.toThrow(/web page instead of Datadog's API/);
  });
});
