import { expect, test } from '@jest/globals';
import { checkHost, chooseDefinitions } from '../../datadog/monitor-flags.ts';

test.each(['i-0abc', 'ip-10-0-0-1.eu-west-1.compute.internal', 'Box_7', 'münchen'])('%s is a host', (host) => {
  expect(checkHost(host)).toBe(host);
});

test.each(['', '*', 'a} > 1', 'a,b', 'a b', '{host}', undefined])('%j is none', (host) => {
  expect(() => checkHost(host)).toThrow('is not a host name');
});

test('a host that is given twice is said to be', () => {
  expect(() => checkHost(['a', 'b'])).toThrow('--host was given more than once');
});

test.each([
  [{ notify: ['ops'] }, "--notify 'ops' must start with @"],
  [{ notify: ['@ops team'] }, '--notify'],
  [{ tag: ['team: web'] }, "--tag 'team: web' is not a tag"],
  [{ tag: ['7:x'] }, '--tag'],
  [{ tag: ['Headroom_key:x'] }, '--tag Headroom_key:x: headroom sets this tag itself'],
])('%j is a mistake of the user', async (flags, why) => {
  await expect(chooseDefinitions({ host: 'i-0abc', ...flags })).rejects.toThrow(why);
});

test('the definitions are made for the host, the recipients and the tags', async () => {
  const [first] = await chooseDefinitions({ host: 'i-0abc', notify: ['@ops@example.com'], tag: ['team:web'] });
  expect(first).toMatchObject({ recipients: ['@ops@example.com'], tags: ['team:web'] });
  expect(first?.series).toContain('{host:i-0abc}');
});
