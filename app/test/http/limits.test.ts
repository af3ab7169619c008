import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createCreationLimit } from '../../cluster/creation-limit.ts';
import { codeProblem, generateCode, importedCodeProblem } from '../../links/code.ts';
import { openFileStore } from '../../links/file-store.ts';
import { detectFileType, storedFileType } from '../../links/file-type.ts';
import { createLocationCache } from '../../links/location-cache.ts';
import { openStore } from '../../links/open-store.ts';
import { sweepFiles } from '../../links/sweep-files.ts';
import { checkImportedUrl, checkTargetUrl } from '../../links/target-url.ts';
import { countVisits } from '../../links/visits.ts';
import { readSettings } from '../../settings.ts';
import { cleanUp, tempFolder } from '../app-process.ts';

afterEach(cleanUp);

describe('target URLs', () => {
  test.each([
    'http://google.com',
    'https://example.org/a?b=c&d=%20#e',
    'HTTPS://EXAMPLE.ORG',
    'http://[::1]:8080/',
    "https://example.org/(a)'*,;=@:!$~",
  ])('%s stays as it is', (url) => expect(checkTargetUrl(url, 'short.test')).toEqual({ url }));

  test('characters that a header cannot hold are stored percent-encoded', () => {
    expect(checkTargetUrl('https://exämple.org/ü "x"')).toEqual({ url: 'https://xn--exmple-cua.org/%C3%BC%20%22x%22' });
    expect(checkTargetUrl('https:\\\\example.org\\a')).toEqual({ url: 'https://example.org/a' });
  });

  test.each([
    ['', 'Enter'],
    ['javascript:alert(1)', 'http:// or https://'],
    ['java\nscript:alert(1)', 'control characters'],
    ['https://example.org/\r\nSet-Cookie: a=b', 'control characters'],
    ['data:text/html,x', 'http:// or https://'],
    ['//example.org', 'http:// or https://'],
    ['https://', 'complete URL'],
    ['http://:80', 'complete URL'],
    ['https://user:secret@example.org', 'user name'],
    ['http://SHORT.test/loop', 'another site'],
    ['http://short.test./loop', 'another site'],
    ['http://short.test:80/loop', 'another site'],
    ['http:short.test', 'another site'],
    [`https://example.org/${'x'.repeat(2048)}`, 'at most 2048'],
    [`https://example.org/${'漢'.repeat(2028)}`, 'at most 2048 characters: percent-encoded, this one has 18272'],
    [`https://example.org/${'é'.repeat(400)}`, 'percent-encoded, this one has 2420'],
  ])('%j is refused', (url, reason) => {
    expect(checkTargetUrl(url, 'short.test')).toEqual({ problem: expect.stringContaining(reason) });
  });
});

test('a URL without the slashes is stored with them, because browsers would look for it on this site', () => {
  for (const text of ['http:example.org', 'HTTP:/example.org', 'http:///example.org', 'http:\\\\example.org'])
    expect(checkTargetUrl(text)).toEqual({ url: 'http://example.org/' });
});

test.each([
  ['short.test:80', 'http://short.test/'],
  ['short.test.', 'http://short.test/'],
  ['short.test', 'https://short.test/'],
  ['127.0.0.1:8000', 'http://localhost:8000/'],
  ['localhost:8000', 'http://127.0.0.2:8000/'],
  ['localhost:8000', 'http://[::1]:8000/'],
  ['127.0.0.1:8000', 'http://[::ffff:127.0.0.1]:8000/'],
  ['[::1]:8000', 'http://0:8000/'],
])('of the site %s, %s is a URL of its own', (ownHost, url) => {
  expect(checkTargetUrl(url, ownHost)).toEqual({ problem: 'Enter a URL of another site.' });
});

test.each([
  ['short.test:8000', 'http://short.test/'],
  ['short.test', 'http://short.test:8000/'],
  ['127.0.0.1:8000', 'http://127.0.0.1:9000/'],
  ['not a host', 'http://short.test/'],
])('of the site %s, %s is a URL of another one', (ownHost, url) => {
  expect(checkTargetUrl(url, ownHost)).toEqual({ url });
});

test.each([
  ['ftp://example.org/a', { url: 'ftp://example.org/a' }],
  ['mailto:ann@example.org', { url: 'mailto:ann@example.org' }],
  ['javascript:alert(1)', { problem: 'Start the URL with http:// or https://.' }],
  ['ftp://ann:secret@example.org/', { problem: 'Remove the user name and password from the URL.' }],
])('%s may be imported or not, and is never accepted from a visitor', (url, imported) => {
  expect(checkImportedUrl(url)).toEqual(imported);
  expect(checkTargetUrl(url)).toHaveProperty('problem');
});

describe('codes', () => {
  test('generated codes are not easily confused, allowed, and unique', () => {
    const codes = Array.from({ length: 10_000 }, () => generateCode());
    for (const code of codes)
      expect([code.match(/^[^0Oo1lIi]{7}$/)?.length, codeProblem(code)]).toEqual([1, undefined]);
    expect(new Set(codes).size).toBe(codes.length);
  });

  test.each([
    'api',
    'API',
    'healthz',
    'readyz',
    'metrics',
    'your-url',
    'static',
    'files',
    'a/b',
    'a.b',
    'a b',
    'ä',
    'a+',
  ])('%s is refused', (code) => expect(codeProblem(code)).toEqual(expect.any(String)));

  test.each(['a.b', 'a b', 'café', 'favicon.ico', 'x'.repeat(150)])('%s is served when it was imported', (code) =>
    expect([importedCodeProblem(code), codeProblem(code)]).toEqual([undefined, expect.any(String)]),
  );

  test.each(['', '.', '..', 'a/b', 'a?b', 'a#b', 'a+', 'API', 'openapi.json', 'a\\b', 'é'.repeat(76)])(
    '%j cannot be imported',
    (code) => expect(importedCodeProblem(code)).toEqual(expect.any(String)),
  );
});

describe('the limit on creations', () => {
  test('allows the quota of a minute at once and then one by one', () => {
    const limit = createCreationLimit(60);
    for (let i = 0; i < 60; i += 1) expect(limit('192.0.2.1', 0)).toBe(0);
    expect(limit('192.0.2.1', 0)).toBe(1);
    expect(limit('192.0.2.2', 0)).toBe(0);
    expect(limit('192.0.2.1', 1_000)).toBe(0);
    expect(limit('192.0.2.1', 1_000)).toBe(1);
    for (let i = 0; i < 60; i += 1) expect(limit('192.0.2.1', 3_600_000)).toBe(0);
    expect(limit('192.0.2.1', 3_600_000)).toBe(1);
  });

  test('counts a /64 of IPv6 as one address, and 0 means no limit', () => {
    const limit = createCreationLimit(1);
    expect([limit('2001:db8::1', 0), limit('2001:DB8:0:0:ffff::2', 0), limit('2001:db8:0:1::1', 0)]).toEqual([
      0, 60, 0,
    ]);
    expect([limit('::ffff:192.0.2.1', 0), limit('192.0.2.1', 0)]).toEqual([0, 60]);
    expect(limit('::ffff:c000:201', 0)).toBe(60);
    expect([limit('unknown', 0), limit('unknown', 0)]).toEqual([0, 60]);
    const none = createCreationLimit(0);
    for (let i = 0; i < 1000; i += 1) expect(none('192.0.2.1', 0)).toBe(0);
  });
});

describe('files', () => {
  test.each([
    [Buffer.from('89504e470d0a1a0a00', 'hex'), 'png'],
    [Buffer.from('ffd8ffe0', 'hex'), 'jpg'],
    [Buffer.from('GIF89a'), 'gif'],
    [Buffer.from('RIFF\x01\x02\x03\x04WEBPVP8 ', 'latin1'), 'webp'],
    [Buffer.from('%PDF-1.7'), 'pdf'],
    [Buffer.from('PK\x03\x04'), 'zip'],
    [Buffer.from('<svg onload="alert(1)">'), 'txt'],
    [Buffer.from('größe').subarray(0, 3), 'txt'],
    [Buffer.alloc(0), 'txt'],
    [Buffer.from([0xff, 0xfe, 0]), 'bin'],
    [Buffer.from([0xc3, 0x28]), 'bin'],
  ])('%s is a %s', (head, extension) => expect(detectFileType(head).extension).toBe(extension));

  test('a file with an unknown extension is always downloaded', () => {
    expect(storedFileType('a.html')).toMatchObject({ contentType: 'application/octet-stream', inline: false });
  });

  test('a sweep removes old files without a link', async () => {
    const dataDir = tempFolder();
    const files = openFileStore(join(dataDir, 'files'));
    const store = await openStore({ dataDir }, { log: () => {}, onForgotten: () => {} });
    await store.seed([{ code: 'mine', location: '/files/mine.a.png', createdAt: '2024-01-01T00:00:00.000Z' }]);
    const nowMs = Date.now();
    for (const name of ['mine.a.png', 'mine.b.png', 'other.c.png', 'x.part', 'young.d.png']) {
      writeFileSync(join(files.folder, name), '');
      const ageS = name.startsWith('young') ? 60 : 7200;
      utimesSync(join(files.folder, name), nowMs / 1000 - ageS, nowMs / 1000 - ageS);
    }
    expect(await sweepFiles(files, store, nowMs)).toBe(3);
    expect(readdirSync(files.folder).sort()).toEqual(['mine.a.png', 'young.d.png']);
    await store.close();
  });
});

test('visits that cannot be written are kept and retried', async () => {
  const dataDir = tempFolder();
  const store = await openStore({ dataDir }, { log: () => {}, onForgotten: () => {} });
  await store.seed([{ code: 'go', location: 'http://google.com', createdAt: '2024-01-01T00:00:00.000Z' }]);
  let broken = true;
  const failures: unknown[] = [];
  const addVisits: typeof store.addVisits = async (counts) => {
    if (broken) throw new Error('disk full');
    await store.addVisits(counts);
  };
  const visits = countVisits({ ...store, addVisits }, { intervalMs: 1e6, onFailure: (cause) => failures.push(cause) });
  visits.count('go');
  await visits.flush();
  visits.count('go');
  broken = false;
  await visits.stop();
  expect([failures.length, await store.visitsOf('go')]).toEqual([1, 2]);
  await store.close();
});

test('the location cache ignores a lookup that was in progress while links changed', () => {
  const cache = createLocationCache({ codes: 2, characters: 1e6, generationMs: 1e6 });
  cache.set('a', '/1', cache.epoch());
  const asked = cache.epoch();
  cache.forget('a');
  cache.set('a', '/1', asked);
  expect(cache.get('a')).toBeUndefined();
  for (const code of ['a', 'b', 'c', 'd', 'e']) cache.set(code, `/${code}`, cache.epoch());
  expect(['a', 'b', 'c', 'd', 'e'].map((code) => cache.get(code))).toEqual([undefined, undefined, '/c', '/d', '/e']);
  cache.stop();
});

test('the location cache drops its older half when its locations get long', () => {
  const cache = createLocationCache({ codes: 1000, characters: 10_000, generationMs: 1e6 });
  for (let i = 0; i < 100; i += 1) cache.set(`c${i}`, 'x'.repeat(2000), cache.epoch());
  expect(Array.from({ length: 100 }, (_, i) => cache.get(`c${i}`)).filter(Boolean).length).toBeLessThanOrEqual(10);
  expect(cache.get('c99')).toBeDefined();
  cache.stop();
});

describe('settings', () => {
  test.each([
    [{ NODE_ENV: 'production' }, 'SESSION_SECRET is missing.'],
    [{ NODE_ENV: 'production', SESSION_SECRET: 'x' }, 'SESSION_SECRET has fewer than 32 characters.'],
    [{ MAX_FILES_MB: '1.5' }, 'MAX_FILES_MB is "1.5".'],
    [{ STORE_URL: 'postgres://x' }, 'STORE_URL is not a Redis address.'],
    [{ TRUST_PROXY: 'loopback, everyone' }, 'TRUST_PROXY contains "everyone".'],
    [{ TRUST_PROXY: '10.0.0.0/33' }, 'TRUST_PROXY contains "10.0.0.0/33".'],
    [{ CREATE_LIMIT: '-1' }, 'CREATE_LIMIT is "-1".'],
    [{ PORT: '65536' }, 'PORT is "65536".'],
    [{ WORKERS: '0' }, 'WORKERS is "0". Set it to a whole number from 1 to 64, or unset it.'],
  ])('%j is refused', (environment, sentence) => expect(() => readSettings(environment)).toThrow(sentence));

  test('an empty environment gives the defaults', () => {
    const expected = {
      port: 8000,
      host: '127.0.0.1',
      createLimit: 60,
      trustProxy: [],
      dataDir: join(process.cwd(), 'data'),
    };
    expect(readSettings({ PORT: '', STORE_URL: '' })).toMatchObject(expected);
    expect(readSettings({ TRUST_PROXY: 'loopback,10.0.0.0/8,fd00::/8' }).trustProxy).toHaveLength(3);
  });
});
