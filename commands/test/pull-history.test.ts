import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectDatadog } from '../../monitors/datadog/datadog.ts';
import { fakeClock } from '../../monitors/test/fake-clock.ts';
import { type FakeDatadog, keys, startFakeDatadog } from '../../monitors/test/fake-datadog/server.ts';
import { findCpu } from '../../reports/recorded/cpu-record.ts';
import { pullHistory } from '../size/pull-history.ts';

const begin = Date.UTC(2026, 0, 1, 12) / 1000;
let fake: FakeDatadog;
beforeAll(async () => {
  fake = await startFakeDatadog();
  const points = Array.from({ length: 240 }, (_, index): [number, number] => [
    begin + index * 15,
    index % 4 === 0 ? 20 : 80,
  ]);
  fake.metrics.stored.push({ metric: 'system.cpu.idle', tags: ['host:i-0abc'], points });
});
afterAll(() => fake.close());

const account = () => ({
  datadog: connectDatadog({ ...keys, apiUrl: fake.url }),
  clock: fakeClock((begin + 3600) * 1000),
  say: () => undefined,
});

test('reads averages and peaks of a host from Datadog', async () => {
  const cpu = findCpu([await pullHistory(account(), { host: 'i-0abc', days: 3 })]);
  // Three days come in buckets of a minute: one idle of 20 % and three of 80 %.
  expect(cpu).toMatchObject({ intervalS: 60, statistic: 'avg' });
  expect(cpu.used[1]).toBeCloseTo(35, 6);
  expect(cpu.peaks?.[1]).toBeCloseTo(80, 6);
});

test('says that Datadog has no points of an unknown host', async () => {
  await expect(pullHistory(account(), { host: 'i-9', days: 1 })).rejects.toThrow('Datadog has no CPU of i-9 from');
  await expect(pullHistory(account(), { host: 'i-9', days: 0 })).rejects.toThrow('--days must be a number');
});

test('reads from --from to --to, and says what Datadog does not keep', async () => {
  const [fromMs, toMs] = [(begin + 600) * 1000, (begin + 1800) * 1000];
  const { begins, ends } = findCpu([await pullHistory(account(), { host: 'i-0abc', fromMs, toMs })]);
  expect([begins[0], ends.at(-1)]).toEqual([fromMs, toMs]);
  await expect(pullHistory(account(), { host: 'i-0abc', fromMs: 0 })).rejects.toThrow('at most 455 days');
});
