import { expect, test } from '@jest/globals';
import { CookieJar, cookieOrigin } from '../../walks/cookie-jar.ts';

const now = Date.parse('2026-01-31T12:00:00Z');

function jarOf(lines: readonly (string | readonly [line: string, path: string])[], origin = 'https://a.shop.example') {
  const jar = new CookieJar(cookieOrigin(origin));
  for (const each of lines) {
    const [line, path] = typeof each === 'string' ? [each, '/x/y?z=/'] : each;
    jar.store(line, path as string, now);
  }
  return jar;
}

test('keeps cookies in the order of their creation, and one that is set again keeps its place', () => {
  const jar = jarOf(['a=1; Path=/', 'b=2; path=/; HttpOnly; SameSite=Lax', 'a=3; Path=/']);
  expect(jar.header('/', '', now)).toBe('a=3; b=2');
  expect(jarOf([]).header('/', '', now)).toBe('');
});

test('sends a cookie below its path alone, and those of longer paths first', () => {
  const jar = jarOf(['all=1; Path=/', 'some=2; Path=/orders', 'own=3']);
  expect(jar.header('/orders/1', '', now)).toBe('some=2; all=1');
  expect(jar.header('/orders?x', '', now)).toBe('some=2; all=1');
  expect(jar.header('/orders-all', '', now)).toBe('all=1');
  expect(jar.header('/x', '', now)).toBe('own=3; all=1');
  expect(jar.header('/x/y', '', now)).toBe('own=3; all=1');
  expect(jarOf([['a=1', '/']]).header('/any', '', now)).toBe('a=1');
});

test('lets cookies expire: Max-Age goes before Expires, and a date that is none is left out', () => {
  const date = 'Sat, 31 Jan 2026 12:00:10 GMT';
  const jar = jarOf([
    `a=1; Path=/; Expires=${date}`,
    `b=2; Path=/; Expires=${date}; Max-Age=100`,
    'c=3; Path=/; Expires=soon',
  ]);
  expect(jar.header('/', '', now + 5000)).toBe('a=1; b=2; c=3');
  expect(jar.header('/', '', now + 10_000)).toBe('b=2; c=3');
  jar.store('b=; Path=/; Max-Age=0', '/', now);
  jar.store('c=; Path=/; Expires=Thu, 01-Jan-1970 00:00:00 GMT', '/', now);
  expect(jar.header('/', '', now + 5000)).toBe('a=1');
});

test('takes cookies of its own host and of a domain above it, and no others', () => {
  const jar = jarOf([
    'a=1; Path=/; Domain=shop.example',
    'b=2; Path=/; Domain=.A.shop.example',
    'c=3; Path=/; Domain=hop.example',
  ]);
  expect(jar.header('/', '', now)).toBe('a=1; b=2');
  expect(jarOf(['a=1; Path=/; Domain=0.1'], 'http://127.0.0.1:9').header('/', '', now)).toBe('');
});

test('takes secure cookies over TLS, and on this machine as browsers do', () => {
  const line = '__Host-sid="q=1, 2"; Secure; Path=/';
  expect(jarOf([line]).header('/', '', now)).toBe('__Host-sid="q=1, 2"');
  expect(jarOf([line], 'http://127.0.0.1:9').header('/', '', now)).toBe('__Host-sid="q=1, 2"');
  expect(jarOf([line], 'http://shop.example').header('/', '', now)).toBe('');
});

test('ignores what is no cookie', () => {
  expect(jarOf(['', 'a', '=1', '; Path=/', ' = ;']).header('/x', '', now)).toBe('');
});

test("sends the request's own cookies first, until the target sets or removes one of that name", () => {
  const jar = jarOf([]);
  const own = 'session=abc; lang=de; gone=1';
  expect(jar.header('/', own, now)).toBe(own);
  jar.store('session=def; Path=/', '/', now);
  jar.store('gone=; Max-Age=0', '/', now);
  expect(jar.header('/', own, now)).toBe('lang=de; session=def');
  expect(jar.header('/', 'session=abc', now)).toBe('session=def');
});
