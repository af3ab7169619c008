import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { connectDatadog } from '../../datadog/datadog.ts';
import { muteMonitors, unmuteMonitors } from '../../datadog/mute.ts';
import { fakeClock } from '../fake-clock.ts';
import { type FakeDatadog, keys, startFakeDatadog } from '../fake-datadog/server.ts';

let fake: FakeDatadog;
beforeEach(async () => {
  fake = await startFakeDatadog();
});
afterEach(() => fake.close());
const clock = fakeClock(Date.UTC(2026, 0, 1));
const options = () => ({
  datadog: connectDatadog({ ...keys, apiUrl: fake.url }),
  host: 'i-0abc',
  run: 'r1',
  plannedS: 240,
  clock,
});

test('a downtime covers the monitors of the host until it is released', async () => {
  const mute = await muteMonitors(options());
  const [downtime] = fake.downtimes.stored.values();
  expect(downtime?.attributes).toMatchObject({
    scope: '*',
    monitor_identifier: { monitor_tags: ['managed_by:headroom', 'headroom_host:i-0abc'] },
    schedule: { end: expect.stringMatching(/^2026-01-01T00:09:00/) },
  });
  await mute.release();
  expect(fake.downtimes.stored.size).toBe(0);
  await mute.release();
});

test('what a killed run left is removed, what others have set is not', async () => {
  await muteMonitors(options());
  await muteMonitors({ ...options(), host: 'i-0abcd' });
  fake.downtimes.stored.set('x', { id: 'x', type: 'downtime', attributes: { message: 'maintenance' } });
  await muteMonitors({ ...options(), run: 'r2' });
  expect([...fake.downtimes.stored.values()].map(({ attributes }) => attributes.message)).toEqual([
    'headroom stresses i-0abcd (run r1)',
    'maintenance',
    'headroom stresses i-0abc (run r2)',
  ]);
  expect(await unmuteMonitors(options().datadog, 'i-0abc')).toBe(1);
});
