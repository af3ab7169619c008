import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseSources } from '../../../monitors/collectors/source-choice.ts';
import { type FakeDatadog, keys, startFakeDatadog } from '../../../monitors/test/fake-datadog/server.ts';
import { chooseDatadog } from '../../datadog/datadog-part.ts';

let fake: FakeDatadog;
beforeEach(async () => {
  fake = await startFakeDatadog();
  fake.metrics.hosts.push({ name: 'i-0abc', aliases: [], tags_by_source: {} });
});
afterEach(() => fake.close());

const none = { publish: false, mute: false, drill: false };
async function choose(flags: Partial<typeof none> & { host?: string }, metrics?: string, more: NodeJS.ProcessEnv = {}) {
  const said: string[] = [];
  const environment = { DD_API_KEY: keys.apiKey, DD_APP_KEY: keys.appKey, DD_API_URL: fake.url, ...more };
  const context = { environment, signal: new AbortController().signal, invocation: 'npx headroom' as const };
  const sources = metrics === undefined ? undefined : parseSources(metrics);
  const part = await chooseDatadog({ ...none, ...flags }, sources, context, (text) => said.push(text));
  return { part, said };
}

test('nothing is asked of Datadog that no flag needs', async () => {
  expect((await choose({ host: 'i-0abc' }, 'local', { DD_API_KEY: '' })).part).toBeUndefined();
  expect(fake.asked).toEqual([]);
});

test.each([
  [{ publish: true }, undefined],
  [{ mute: true }, undefined],
  [{}, 'local,datadog'],
])('%j needs a host, and Datadog that knows it', async (flags, metrics) => {
  await expect(choose(flags, metrics)).rejects.toThrow(/needs the target's name in Datadog: add --host/);
  const { part, said } = await choose({ ...flags, host: 'i-0abc' }, metrics);
  expect(part).toMatchObject({ host: 'i-0abc', warnings: [], ...flags });
  expect(said).toEqual([]);
});

test('a host that Datadog does not know is a warning, with the nearest name', async () => {
  const { part, said } = await choose({ publish: true, host: 'i-0abd' });
  expect(part?.warnings).toMatchObject([{ code: 'host-unknown', host: 'i-0abd', near: ['i-0abc'] }]);
  expect(said).toEqual(['Datadog does not know the host i-0abd. Did you mean i-0abc?']);
});

describe('refused before the run', () => {
  test.each<[NodeJS.ProcessEnv, RegExp]>([
    [{ DD_API_KEY: '' }, /DD_API_KEY is not set/],
    [{ DD_APP_KEY: '' }, /DD_APP_KEY is not set/],
    [{ DD_API_KEY: 'placeholder-x' }, /refused DD_API_KEY/],
    [{ DD_APP_KEY: 'placeholder-x' }, /refused DD_APP_KEY/],
    [{ DD_SITE: 'nowhere' }, /is not a Datadog site/],
  ])('%j', async (more, why) => {
    await expect(choose({ mute: true, host: 'i-0abc' }, undefined, more)).rejects.toThrow(why);
  });

  test('a name that is none', async () => {
    await expect(choose({ mute: true, host: 'i 0abc' })).rejects.toThrow(/is not a host name/);
  });

  test('a drill of monitors that are not there', async () => {
    await expect(choose({ drill: true, host: 'i-0abc' })).rejects.toThrow(/no monitor of headroom for i-0abc.*apply/);
    const tags = ['managed_by:headroom', 'headroom_key:cpu-user', 'headroom_host:i-0abc'];
    fake.monitors.add({ query: 'max(last_5m):max:system.cpu.user{host:i-0abc} >= 50', tags });
    expect((await choose({ drill: true, host: 'i-0abc' })).part?.drill).toBe(true);
  });
});
