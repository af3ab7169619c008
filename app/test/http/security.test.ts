import { readdirSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createCreationLimit } from '../../cluster/creation-limit.ts';
import { cleanUp } from '../app-process.ts';
import { type AppServer, startApp, visit } from '../app-server.ts';

let site: AppServer;
let limited: AppServer;
beforeAll(async () => {
  const limit = createCreationLimit(2);
  site = await startApp();
  limited = await startApp({ creationWaitS: async (address) => limit(address, 0), trustProxy: ['loopback'] });
});
afterAll(async () => {
  await Promise.all([site.stop(), limited.stop()]);
  await cleanUp();
});

const body = () => new URLSearchParams({ code: '', url: 'https://example.org/' });

describe('a form of another site', () => {
  const post = async (headers: Record<string, string>) =>
    (await visit(site.url).send('/your-url', { method: 'POST', body: body(), headers })).status;

  test('is refused by its origin', async () => {
    expect(await post({ origin: 'https://evil.example' })).toBe(403);
    expect(await post({ origin: 'null' })).toBe(403);
    expect(await post({ origin: site.url })).toBe(303);
    expect(await post({})).toBe(303);
  });

  // Not by fetch, which sets these headers itself.
  const raw = (headers: Record<string, string>): Promise<number | undefined> => {
    const { hostname, port } = new URL(site.url);
    const all = { 'content-type': 'application/x-www-form-urlencoded', ...headers };
    return new Promise((resolve, reject) => {
      const req = request({ hostname, port, path: '/your-url', method: 'POST', headers: all }, (res) =>
        resolve(res.statusCode),
      );
      req.on('error', reject).end(String(body()));
    });
  };

  test('is refused by what the browser says of it', async () => {
    expect(await raw({ 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await raw({ 'sec-fetch-site': 'cross-site', origin: site.url })).toBe(403);
  });

  test('is told from one of this site by the browser where a proxy drops the port from Host', async () => {
    const dropped = { host: 'box.test', origin: 'http://box.test:5000' };
    expect(await raw({ ...dropped, 'sec-fetch-site': 'same-origin' })).toBe(303);
    expect(await raw({ ...dropped, 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(await raw(dropped)).toBe(403);
  });

  // Over plain http to another machine, a browser sends no Sec-Fetch-Site.
  test.each([
    ['box.test:80', 'http://box.test', 303],
    ['box.test:443', 'https://box.test', 303],
    ['Box.TEST', 'http://box.test', 303],
    ['box.test:8000', 'http://box.test:8000', 303],
    ['box.test:443', 'http://box.test', 403],
    ['box.test:80', 'http://box.test:8080', 403],
    ['box.test', 'http://box.test.evil.example', 403],
    ['box.test/', 'http://evil.example', 403],
    ['evil.example@box.test', 'http://evil.example', 403],
    ['', 'file:///', 403],
  ])('is told from one of the site %s: %s is %i', async (host, origin, status) => {
    expect(await raw({ host, origin })).toBe(status);
  });
});

test('too many creations from one address are 429 with Retry-After; only proxies can name another address', async () => {
  const post = async (forwardedFor: string, to = limited) =>
    visit(to.url).send('/your-url', { method: 'POST', body: body(), headers: { 'x-forwarded-for': forwardedFor } });
  expect((await post('192.0.2.1')).status).toBe(303);
  expect((await post('192.0.2.1')).status).toBe(303);
  const refused = await post('192.0.2.1');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '30']);
  expect(await refused.text()).toContain('Try again in 30 seconds.');
  expect((await post('192.0.2.2')).status).toBe(303);
  // The last hop that is not a trusted proxy counts, whatever a client wrote before it.
  expect((await post('203.0.113.9, 192.0.2.1')).status).toBe(429);
});

describe('the cookie', () => {
  test('is HttpOnly and SameSite, and rejected when changed', async () => {
    const maker = visit(site.url);
    const response = await maker.post('/your-url', body());
    const [cookie = '', signature = ''] = response.headers.getSetCookie();
    expect(cookie).toMatch(/; path=\/; expires=[^;]+; samesite=lax; httponly$/);
    const forged = Buffer.from(JSON.stringify({ id: 'somebody-else' })).toString('base64');
    const headers = { cookie: `visitor=${forged}; ${signature.split(';')[0]}` };
    expect(await (await fetch(`${site.url}/api`, { headers })).json()).toEqual([]);
    const real = { cookie: `${cookie.split(';')[0]}; ${signature.split(';')[0]}` };
    expect(await (await fetch(`${site.url}/api`, { headers: real })).json()).toHaveLength(1);
  });
});

test('every page forbids inline scripts, frames and sniffing', async () => {
  for (const path of ['/', '/nothing', '/go+', '/api', '/static/style.css']) {
    const { headers } = await visit(site.url).get(path);
    expect(headers.get('content-security-policy')).toContain("default-src 'none';script-src 'self';style-src 'self'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  }
});

test('what depends on the visitor is in no cache, and what does not stays there', async () => {
  const control = async (path: string) => (await visit(site.url).get(path)).headers.get('cache-control');
  for (const path of ['/', '/api', '/go+', '/nothing', '/files/nothing.x.png', '/your-url'])
    expect([path, await control(path)]).toEqual([path, 'no-store']);
  expect(await control('/static/style.css')).toBe('public, max-age=31536000, immutable');
  expect(await control('/files/gauge.seed.png')).toBe('public, max-age=3600');
});

test('a step of the clock locks no address out, and HTTP/1.0 without Host gets a link that works', async () => {
  const limit = createCreationLimit(1);
  expect([limit('192.0.2.1', 3_600_000), limit('192.0.2.1', 3_600_000)]).toEqual([0, 60]);
  const { hostname, port } = new URL(site.url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /your-url HTTP/1.0\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${String(body()).length}\r\n\r\n${body()}`,
  );
  const path = /^Location: (\/[A-Za-z0-9]{7}\+)\r$/m.exec(await text(socket))?.[1];
  const page = connect(Number(port), hostname);
  page.write(`GET ${path} HTTP/1.0\r\n\r\n`);
  expect(await text(page)).toMatch(new RegExp(`>${site.url}/[A-Za-z0-9]{7}</output>`));
});

test('a URL of any script is put back into the form, or left out where the cookie could not hold it', async () => {
  for (const [url, kept] of [
    [`https://example.org/${'漢'.repeat(600)}`, true],
    [`https://example.org/${'漢'.repeat(1500)}`, false],
    [`https://example.org/${'"'.repeat(1900)}`, false],
  ] as const) {
    const visitor = visit(site.url);
    const response = await visitor.post('/your-url', new URLSearchParams({ code: 'go', url }));
    for (const cookie of response.headers.getSetCookie()) expect(cookie.length).toBeLessThan(4096);
    const html = await (await visitor.get('/')).text();
    expect([html.includes('Use a URL of at most 2048'), html.includes('漢') || html.includes('&quot;&quot;')]).toEqual([
      true,
      kept,
    ]);
  }
});

test.each([
  ['POST', '/', 'GET, HEAD, OPTIONS'],
  ['PUT', '/your-url', 'GET, HEAD, POST, OPTIONS'],
  ['DELETE', '/api', 'GET, HEAD, OPTIONS'],
  ['POST', '/api/docs', 'GET, HEAD, OPTIONS'],
  ['GET', '/api/links', 'POST, OPTIONS'],
  ['HEAD', '/api/links', 'POST, OPTIONS'],
  ['PATCH', '/api/links/go', 'GET, HEAD, DELETE, OPTIONS'],
  ['POST', '/go', 'GET, HEAD, OPTIONS'],
  ['DELETE', '/go+', 'GET, HEAD, POST, OPTIONS'],
  ['POST', '/healthz', 'GET, HEAD, OPTIONS'],
  ['POST', '/static/style.css', 'GET, HEAD, OPTIONS'],
  ['POST', '/files/gauge.seed.png', 'GET, HEAD, OPTIONS'],
])('%s %s is 405, and OPTIONS names what is allowed', async (method, path, allow) => {
  const response = await visit(site.url).send(path, { method });
  expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
  const isApi = path.startsWith('/api');
  expect(response.headers.get('content-type')).toContain(isApi ? 'application/json' : 'text/html');
  if (path === '/healthz') return;
  const options = await visit(site.url).send(path, { method: 'OPTIONS' });
  expect([options.status, options.headers.get('allow')]).toEqual([204, allow]);
});

test.each(['/nothing', '/nothing+', '/no/such/page'])('a wrong method on %s is 404', async (path) => {
  for (const method of ['POST', 'OPTIONS', 'DELETE'])
    expect((await visit(site.url).send(path, { method })).status).toBe(404);
});

test('no page has an inline script or style, which the policy would block', async () => {
  for (const path of ['/', '/nothing', '/go+', '/api/docs']) {
    const html = await (await visit(site.url).get(path)).text();
    expect(html).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=/);
  }
});

test('input of a visitor is escaped', async () => {
  const visitor = visit(site.url);
  const evil = '<script>alert(1)</script>';
  await visitor.post('/your-url', new URLSearchParams({ code: evil, url: `https://example.org/"${evil}` }));
  expect(await (await visitor.get('/')).text()).not.toContain('<script>alert');
  await visitor.post('/your-url', new URLSearchParams({ code: 'escaped', url: `https://example.org/"${evil}` }));
  for (const path of ['/', '/escaped+']) expect(await (await visitor.get(path)).text()).not.toContain('<script>alert');
});

test.each<[string, string, string, number, Record<string, string>?]>([
  ['urlencoded', 'application/x-www-form-urlencoded', `url=${'x'.repeat(20_000)}`, 413],
  ['too many fields', 'application/x-www-form-urlencoded', Array(50).fill('a=1').join('&'), 413],
  ['broken multipart', 'multipart/form-data; boundary=x', '--x\r\nContent-Disp', 400],
  ['multipart without boundary', 'multipart/form-data', 'x', 400],
  ['unknown charset', 'application/x-www-form-urlencoded; charset=klingon', 'url=x', 415],
  ['unknown encoding', 'application/x-www-form-urlencoded', 'url=x', 415, { 'content-encoding': 'rot13' }],
  ['broken gzip', 'application/x-www-form-urlencoded', 'url=x', 400, { 'content-encoding': 'gzip' }],
])('a body that is %s gets a page of 4xx and leaves no file', async (_name, type, content, status, more = {}) => {
  const before = readdirSync(site.filesFolder);
  const headers = { 'content-type': type, ...more };
  const response = await visit(site.url).send('/your-url', { method: 'POST', body: content, headers });
  expect([response.status, await response.text()]).toEqual([status, expect.stringContaining('Back to the home page')]);
  expect(readdirSync(site.filesFolder)).toEqual(before);
});
