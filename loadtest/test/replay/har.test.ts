import { describe, expect, test } from '@jest/globals';
import { readHar } from '../../replay/har.ts';

const site = 'https://shop.example';
const target = 'http://127.0.0.1:3000';
type Pairs = readonly (readonly [name: string, value: string])[];
const pairs = (given: Pairs = []) => given.map(([name, value]) => ({ name, value }));

/** An entry as Chrome writes it; `at`: seconds since the begin. */
function entry(
  at: number,
  url: string,
  {
    request = {},
    response = {},
    headers,
    answered,
    ...more
  }: Record<string, unknown> & { headers?: Pairs; answered?: Pairs } = {},
) {
  return {
    startedDateTime: new Date(Date.UTC(2026, 0, 31) + at * 1000).toISOString(),
    time: 100,
    request: {
      method: 'GET',
      url,
      httpVersion: 'h2',
      headers: pairs(headers),
      cookies: [],
      bodySize: 0,
      ...(request as object),
    },
    response: {
      status: 200,
      headers: pairs(answered),
      content: { size: 1, text: 'eA==', encoding: 'base64' },
      ...(response as object),
    },
    cache: {},
    ...more,
  };
}
/** In a profile it would be a variable. */
const variable = '$'.concat('{b}');
const har = (...entries: unknown[]) => ({ log: { version: '1.2', creator: {}, entries } });
const post = (postData: object, more: object = {}) => ({ request: { method: 'POST', bodySize: 9, postData, ...more } });

describe('a HAR file', () => {
  test('is the walk of its requests to one site, in the order of their begin, with pauses of at most 10 s', () => {
    const walk = readHar(
      har(
        entry(5, `${site}/b?x=1#top`, { response: { status: 304 } }),
        entry(0, `${site}/`),
        entry(0.15, 'https://cdn.example/app.js'),
        entry(0.2, `${site}/logo.svg`),
        entry(100, `${site}/orders/17`, { response: { status: 404 } }),
      ),
      'a.har',
      target,
    );
    expect(walk).toMatchObject({ recorded: site, leftOut: { otherHosts: 1 }, otherHosts: ['cdn.example'], capped: 1 });
    expect(walk.steps.map(({ name, path, expect: status, thinkS }) => [name, path, status, thinkS])).toEqual([
      ['GET /', '/', [200], undefined],
      ['GET /logo.svg', '/logo.svg', [200], undefined],
      ['GET /b', '/b?x=1', [200, 304], 4.7],
      ['GET /orders/:id', '/orders/17', [404], 10],
    ]);
  });

  test('is of the target where it was recorded there, whatever came first', () => {
    const both = har(entry(0, `${site}/`), entry(1, `${target}/a`));
    expect(readHar(both, 'a.har', target)).toMatchObject({ recorded: target, steps: [{ path: '/a' }] });
    expect(readHar(both, 'a.har', undefined)).toMatchObject({ recorded: site, steps: [{ path: '/' }] });
  });

  test('keeps the headers that matter, and no others', () => {
    const headers: Pairs = [
      [':authority', 'shop.example'],
      [':path', '/'],
      ['Host', 'shop.example'],
      ['Connection', 'keep-alive'],
      ['Accept', 'text/html'],
      ['Accept-Encoding', 'gzip, br'],
      ['sec-fetch-mode', 'cors'],
      ['If-None-Match', '"x"'],
      ['Content-Length', '3'],
      ['Origin', site],
      ['Referer', `${site}/cart`],
      ['X-Page', ['a', '{b}'].join('$')],
    ];
    const [step] = readHar(har(entry(0, `${site}/`, { headers })), 'a.har', target).steps;
    expect(step?.headers).toEqual({
      accept: 'text/html',
      'accept-encoding': 'gzip, br',
      origin: target,
      referer: `${target}/cart`,
      'x-page': ['a', '{b}'].join('$$'),
    });
  });

  test('sends cookies that were there before; those that a response has set come from the responses of the target', () => {
    const { steps } = readHar(
      har(
        entry(0, `${site}/`, {
          headers: [['cookie', 'lang=de; sid=old']],
          answered: [['Set-Cookie', 'sid=new; Path=/']],
        }),
        entry(1, `${site}/a`, { headers: [['Cookie', 'lang=de; sid=new']] }),
      ),
      'a.har',
      site,
    );
    expect(steps.map(({ headers }) => headers.cookie)).toEqual(['lang=de; sid=old', 'lang=de']);
  });

  test('keeps credentials for the origin that they were recorded at, or for this machine, and counts what is not sent', () => {
    const secrets: Pairs = [
      ['Cookie', 'sid=1'],
      ['Authorization', 'Bearer x'],
      ['X-CSRF-Token', 'y'],
      ['Accept', 'a/b'],
    ];
    const read = (recorded: string, origin: string | undefined) => {
      const file = har(entry(0, `${recorded}/`, { headers: secrets }), entry(1, `${recorded}/a`));
      const { steps, withheld } = readHar(file, 'a.har', origin);
      return { sent: Object.keys(steps[0]?.headers ?? {}), withheld };
    };
    const all = ['authorization', 'x-csrf-token', 'accept', 'cookie'];
    const kept = { sent: all, withheld: { requests: 0, headers: [] } };
    const without = {
      sent: ['accept'],
      withheld: { requests: 1, headers: ['cookie', 'authorization', 'x-csrf-token'] },
    };
    expect(read(site, site)).toEqual(kept);
    expect(read('http://localhost:8080', target)).toEqual(kept);
    expect(read('http://localhost:8080', undefined)).toEqual(kept);
    expect(read(site, target)).toEqual(without);
    expect(read(site, undefined)).toEqual(without);
    expect(read(site, 'http://staging:3000')).toEqual(without);
    expect(read(site, 'http://shop.example')).toEqual(without);
    expect(read('http://localhost:8080', 'http://staging:3000')).toEqual(without);
  });

  test('is of the site that the first page was redirected to, not of the sign-in of another one on the way', () => {
    const moved = (to: string) => ({ response: { status: 301 }, answered: [['Location', to]] as Pairs });
    const www = 'https://www.shop.example';
    const upgraded = readHar(
      har(
        entry(0, 'http://shop.example/', moved(`${site}/#top`)),
        entry(1, `${site}/`),
        entry(2, 'http://shop.example/old', { headers: [['Referer', 'http://shop.example/x?y']] }),
        entry(3, `${site}/a`),
      ),
      'a.har',
      target,
    );
    expect(upgraded).toMatchObject({ recorded: site, leftOut: { schemeRedirects: 1 }, otherHosts: [] });
    expect(upgraded.steps.map(({ path }) => path)).toEqual(['/', '/old', '/a']);
    expect(upgraded.steps[1]?.headers.referer).toBe(`${target}/x?y`);
    const withWww = readHar(har(entry(0, `${site}/`, moved(`${www}/`)), entry(1, `${www}/`)), 'a.har', target);
    expect(withWww).toMatchObject({ recorded: www, leftOut: { otherHosts: 1 }, otherHosts: ['shop.example'] });
    const signedIn = readHar(
      har(
        entry(0, `${site}/`, moved('https://sso.example/login')),
        entry(1, 'https://sso.example/login', moved(`${site}/`)),
        entry(2, `${site}/home`),
      ),
      'a.har',
      target,
    );
    expect(signedIn).toMatchObject({ recorded: site, steps: [{ path: '/' }, { path: '/home' }] });
  });

  test('has the bodies of forms, of JSON and of base64; a request whose body was not saved is left out', () => {
    const form = 'application/x-www-form-urlencoded';
    const { steps, leftOut } = readHar(
      har(
        entry(0, `${site}/1`, post({ mimeType: form, text: 'a=1&b=%26' })),
        entry(
          1,
          `${site}/2`,
          post({
            mimeType: form,
            params: [
              { name: 'a', value: 'x+y' },
              { name: 'b', value: '%26' },
            ],
          }),
        ),
        entry(2, `${site}/3`, post({ mimeType: 'application/json', text: `{"a":"${variable}"}` })),
        entry(3, `${site}/4`, post({ mimeType: 'text/plain', encoding: 'base64', text: 'w7Y=' })),
        entry(4, `${site}/5`, post({ mimeType: 'image/png', encoding: 'base64', text: '/9g=' })),
        entry(5, `${site}/6`, post({ mimeType: 'multipart/form-data', params: [{ name: 'file', fileName: 'a.png' }] })),
        entry(6, `${site}/7`, { request: { method: 'POST', bodySize: 9 } }),
        entry(7, `${site}/8`, { request: { method: 'DELETE', bodySize: -1 } }),
      ),
      'a.har',
      target,
    );
    expect(steps.map(({ body }) => body)).toEqual(['a=1&b=%26', 'a=x+y&b=%26', `{"a":"$${variable}"}`, 'ö', undefined]);
    expect(leftOut).toEqual({ withoutBody: 3 });
  });

  test('leaves out what did not reach the server, as Chrome, Firefox and Safari mark it', () => {
    const { steps, leftOut } = readHar(
      har(
        entry(0, `${site}/`),
        entry(1, `${site}/blocked`, { response: { status: 0, statusText: '' } }),
        entry(2, `${site}/memory`, { _fromCache: 'memory' }),
        entry(3, `${site}/disk`, { _fetchType: 'Disk Cache' }),
        entry(4, `${site}/worker`, { response: { status: 200, _fetchedViaServiceWorker: true } }),
        entry(5, 'wss://shop.example/live', { response: { status: 101 } }),
        entry(6, `${site}/live`, { response: { status: 101 } }),
        entry(7, 'data:image/png;base64,xx'),
        entry(8, `${site}/api`, { request: { method: 'OPTIONS' } }),
      ),
      'a.har',
      target,
    );
    expect(steps).toHaveLength(1);
    expect(leftOut).toEqual({ noResponse: 1, fromCache: 3, noHttp: 3, otherMethods: 1 });
  });

  test.each<[string, unknown, RegExp]>([
    ['no HAR', { name: 'p', stages: [] }, /a\.har is not a HAR file \(log: .*network panel/],
    ['a list', [], /is not a HAR file/],
    ['no request', har(), /a\.har has no HTTP request/],
    [
      'nothing but the cache',
      har(entry(0, `${site}/`, { _fromCache: 'disk' })),
      /has no request to send: .*cache disabled/,
    ],
    [
      'too many requests',
      har(...Array.from({ length: 1001 }, (_, at) => entry(at, `${site}/`))),
      /has 1001 requests to shop\.example/,
    ],
  ])('that is %s is refused', (_, document, sentence) => {
    expect(() => readHar(document, 'a.har', target)).toThrow(sentence);
  });
});
