import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { LoadLine, StageLine } from '../../../model/second.ts';
import { connectDatadog } from '../../datadog/datadog.ts';
import { createPublisher } from '../../datadog/publish.ts';
import { datadogDestination } from '../../datadog/publish-datadog.ts';
import { fakeClock } from '../fake-clock.ts';
import { type FakeDatadog, keys, startFakeDatadog } from '../fake-datadog/server.ts';

const start = Date.UTC(2026, 0, 1, 12);
const iso = (second: number) => new Date(start + second * 1000).toISOString();
const tags = ['service:shop', 'env:prod', 'version:1.2', 'team:web'];
const run = { id: 'r1', profile: 'stress', instanceType: 't2.micro', host: 'i-0abc', tags };
let fake: FakeDatadog;
beforeEach(async () => {
  fake = await startFakeDatadog();
});
afterEach(() => fake.close());

const stage: StageLine = {
  kind: 'stage',
  stage: 2,
  name: '8 Connections',
  stageKind: 'closed',
  role: 'measured',
  startedAt: iso(0),
};
const second = (at: number, ok: number): LoadLine => ({
  kind: 'load',
  stage: 2,
  generator: 0,
  at: iso(at),
  durationS: 1,
  sent: ok,
  outcomes: { ok, unexpectedStatus: 0, timeout: 0, connectionError: 0 },
  statusCounts: {},
  routes: {},
  open: 8,
  eventLoopUtilization: 0,
  cpuS: 0,
});

function publisher(afterS: number) {
  const datadog = connectDatadog({ ...keys, apiUrl: fake.url });
  const clock = fakeClock(start + afterS * 1000);
  const made = createPublisher(datadogDestination(datadog, run, clock), run, clock);
  made.line(stage);
  for (let at = 0; at < 25; at++) made.line(second(at, 100 + at));
  return made;
}
const throughput = () => fake.metrics.stored.filter(({ metric }) => metric === 'headroom.throughput');

describe('createPublisher', () => {
  test('sends what is complete, tagged, once', async () => {
    const made = publisher(25);
    await made.flush();
    await made.flush();
    expect(throughput()).toEqual([
      {
        metric: 'headroom.throughput',
        tags: ['run:r1', 'profile:stress', 'instance:t2.micro', ...tags, 'stage:8_connections', 'host:i-0abc'],
        points: Array.from({ length: 23 }, (_, index) => [start / 1000 + index + 1, 100 + index]),
      },
    ]);
    expect(await made.ended('does not fit', false, 'https://ci.example.com/report')).toEqual([]);
    expect(throughput()[1]?.points).toEqual([
      [start / 1000 + 24, 123],
      [start / 1000 + 25, 124],
    ]);
  });

  test('events mark begin and verdict', async () => {
    const made = publisher(25);
    await made.started();
    await made.ended('fits', true, 'https://ci.example.com/report');
    expect(fake.metrics.events).toMatchObject([
      { title: 'headroom run r1 started', alert_type: 'info', aggregation_key: 'headroom-r1' },
      {
        title: 'headroom run r1: fits',
        text: 'fits\nReport: https://ci.example.com/report',
        alert_type: 'success',
        host: 'i-0abc',
        tags: ['headroom', 'host:i-0abc', 'run:r1', 'profile:stress', 'instance:t2.micro', ...tags],
      },
    ]);
  });

  test('points that Datadog would drop are not sent, which is a warning', async () => {
    const made = publisher(2 * 3600);
    expect(await made.ended('fits', true)).toMatchObject([{ code: 'points-too-old' }]);
    expect(throughput()).toEqual([]);
  });

  test('a failure to publish is returned at the end and does not throw', async () => {
    fake.accepted.apiKey = 'another-placeholder';
    const made = publisher(25);
    await made.started();
    await made.flush();
    const problems = await made.ended('fits', true);
    expect(problems).toMatchObject([{ code: 'not-published', cause: expect.stringContaining('refused DD_API_KEY') }]);
  });
});
