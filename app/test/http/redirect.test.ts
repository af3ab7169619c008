import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cleanUp } from '../app-process.ts';
import { type AppServer, startApp } from '../app-server.ts';

let fast: AppServer;
let plain: AppServer;
beforeAll(async () => {
  [fast, plain] = await Promise.all([startApp(), startApp({ fastPath: false })]);
});
afterAll(async () => {
  await Promise.all([fast.stop(), plain.stop()]);
  await cleanUp();
});

// Over a plain socket, because HTTP clients normalize the paths that this test is about.
async function answer(site: AppServer, method: string, target: string): Promise<string> {
  const { hostname, port } = new URL(site.url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(`${method} ${target} HTTP/1.1\r\nHost: short.test\r\nConnection: close\r\n\r\n`, 'latin1');
  // The two sites were seeded at different times, which the page about a link shows.
  return (await text(socket)).replace(/^(Date|ETag): .*\r\n/gm, '').replace(/datetime="[^"]+"/, '');
}

const method = fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE', 'OPTIONS', 'PUT');
const code = fc.constantFrom('go', 'yoo', 'gauge', 'nick', 'GO', 'api', 'healthz', '%67o', 'go%00', 'g o', 'nope', '');
const prefix = fc.constantFrom('/', '/', '/', '/', '//', '/./', '/x/', 'http://short.test/', '');
const suffix = fc.oneof(
  fc.constantFrom('', '', '', '/', '?', '?a=b', '#f', '?go', '/..', '+', ';x'),
  fc.webQueryParameters().map((query) => `?${query}`),
);

test('the fast path and Express give the same response to every request', async () => {
  await fc.assert(
    fc.asyncProperty(method, prefix, code, suffix, async (verb, before, name, after) => {
      const target = before + name + after;
      const [byFastPath, byExpress] = await Promise.all([answer(fast, verb, target), answer(plain, verb, target)]);
      expect(byFastPath).toBe(byExpress);
    }),
    { numRuns: 400 },
  );
});

test('a redirect has its location and no headers of the pages', async () => {
  const expected = [
    'HTTP/1.1 302 Found',
    'Location: http://google.com',
    'Content-Length: 0',
    'Connection: close',
    '',
    '',
  ];
  expect(await answer(fast, 'GET', '/go')).toBe(expected.join('\r\n'));
  expect(await answer(fast, 'HEAD', '/go?utm=x')).toBe(expected.join('\r\n'));
});
