import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createCreationLimit } from '../../cluster/creation-limit.ts';
import { plainAddress, trustedProxies } from '../../http/client-address.ts';
import { cleanUp } from '../app-process.ts';
import { type AppServer, startApp, visit } from '../app-server.ts';

let site: AppServer;
beforeAll(async () => {
  const limit = createCreationLimit(1);
  const creationWaitS = async (address: string) => limit(address, 0);
  site = await startApp({ creationWaitS, trustProxy: ['loopback', '198.51.100.0/24'] });
});
afterAll(async () => {
  await site.stop();
  await cleanUp();
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:40001', '203.0.113.7'],
  ['203.0.113.7:', '203.0.113.7'],
  ['203.000.113.007:1', '203.0.113.7'],
  [' "203.0.113.7:1" ', '203.0.113.7'],
  ['for="[2001:db8::7]:1"', '2001:db8::7'],
  ['[2001:db8::7%eth0]:1', '2001:db8::7'],
  ['fe80::1%eth0', 'fe80::1'],
  ['2001:db8::7:1000', '2001:db8::7:1000'],
  ['[::ffff:203.0.113.7]:9', '::ffff:203.0.113.7'],
  ['unknown', undefined],
  ['_hidden', undefined],
  ['1.2.3.4.5', undefined],
  ['[]', undefined],
  ['', undefined],
  [undefined, undefined],
])('%j is %s', (element, address) => expect(plainAddress(element)).toBe(address));

test('the address of a trusted proxy may have a port, and be written in any way', () => {
  const trusts = trustedProxies(['loopback', '10.0.0.0/8', 'fd00::1']);
  for (const address of ['127.0.0.2:9', '[::1]:4', '::ffff:7f00:1', '10.1.2.3:80', '::ffff:10.1.2.3', 'fd00:0::1'])
    expect([address, trusts(address)]).toEqual([address, true]);
  for (const address of ['192.0.2.1', 'fd00::2', 'unknown', undefined])
    expect([address, trusts(address)]).toEqual([address, false]);
  expect(trustedProxies([])('127.0.0.1')).toBe(false);
});

test('no spelling of an address makes another visitor of it', async () => {
  const post = async (forwardedFor: string) => {
    const body = new URLSearchParams({ url: 'https://example.org/' });
    const headers = { 'x-forwarded-for': forwardedFor };
    return (await visit(site.url).send('/your-url', { method: 'POST', body, headers })).status;
  };
  for (const spellings of [
    ['192.0.2.1:1', '"192.0.2.1:2"', '192.0.2.1:', '192.000.002.001', '[::ffff:192.0.2.1]:3', 'for=192.0.2.1'],
    ['2001:db8::7', '"[2001:0DB8::8]:1"', '[2001:db8::9%eth0]:2'],
    // A proxy adds its port to the address of the proxy before it.
    ['192.0.2.2:1, 198.51.100.3:2', '192.0.2.2:3, 198.51.100.4'],
    ['192.0.2.3, 198.51.100.3:2'],
    ['unknown', '_hidden', '1.2.3.4.5'],
  ]) {
    const statuses: number[] = [];
    for (const spelling of spellings) statuses.push(await post(spelling));
    expect([spellings, statuses]).toEqual([spellings, spellings.map((_, index) => (index === 0 ? 303 : 429))]);
  }
});
