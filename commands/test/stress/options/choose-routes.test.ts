import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { loadProfile } from '../../../../loadtest/profiles/load-profile.ts';
import type { Route } from '../../../../model/profile.ts';
import { chooseRequest } from '../../../stress/flags/request-flags.ts';
import { chooseRoutes } from '../../../stress/options/choose-routes.ts';

const urlsFile = fileURLToPath(new URL('../../../../urls.json', import.meta.url));
const own: Route = { name: 'own', method: 'GET', path: '/own', weight: 1, headers: {}, expect: [200] };
const anySuccess = Array.from({ length: 200 }, (_, index) => 200 + index);
const usual = loadProfile('smoke');
const withRoutes = { ...usual, routes: [own] };
type More = {
  readonly target?: string;
  readonly app?: { readonly line: string };
  readonly paths?: readonly string[];
  readonly expect?: number[];
  readonly profile?: typeof usual;
  readonly isShortener?: boolean;
  readonly header?: readonly string[];
  readonly method?: string;
  readonly body?: string;
};
const choose = (more: More) =>
  chooseRoutes({
    app: more.app,
    paths: more.paths,
    request: chooseRequest(more, {}),
    isShortener: more.isShortener ?? more.target === undefined,
    profile: more.profile ?? usual,
    target: more.target === undefined ? undefined : new URL(more.target),
    expect: more.expect,
    urlsFile,
  });

test('a URL is one GET of it, unless it is the origin of a profile with routes or of the shortener', () => {
  const { routes } = choose({ target: 'http://127.0.0.1:9/x?y=1', expect: [204] });
  expect(routes).toMatchObject([{ method: 'GET', path: '/x?y=1', expect: [204] }]);
  expect(choose({ target: 'http://127.0.0.1:9/' }).routes).toMatchObject([
    { method: 'GET', path: '/', expect: anySuccess },
  ]);
  expect(choose({ target: 'http://127.0.0.1:9/?y=1', isShortener: true }).routes).toMatchObject([{ path: '/?y=1' }]);
  expect(choose({ target: 'http://127.0.0.1:9/', isShortener: true }).routes.length).toBeGreaterThan(2);
  expect(choose({ target: 'http://127.0.0.1:9', expect: [200] }).routes).toMatchObject([
    { method: 'GET', path: '/', expect: [200] },
  ]);
  expect(choose({ target: 'http://127.0.0.1:9/', profile: withRoutes }).routes).toEqual([own]);
  expect(choose({}).routes.map(({ name }) => name)).toContain('redirect');
});

test('headers go with all requests and replace those of a route; method and body with a page, even of the shortener', () => {
  const header = ['X-A: 1'];
  const [page] = choose({ target: 'http://127.0.0.1:9/', isShortener: true, header, method: 'put', body: '{}' }).routes;
  expect(page).toMatchObject({ name: 'PUT /', method: 'PUT', path: '/', headers: { 'X-A': '1' }, body: '{}' });
  expect(choose({ target: 'http://127.0.0.1:9/x', body: 'a=1' }).routes[0]?.method).toBe('POST');
  const typed = { ...usual, routes: [{ ...own, headers: { 'x-a': '2', accept: '*/*' } }] };
  expect(choose({ target: 'http://127.0.0.1:9/', profile: typed, header }).routes[0]?.headers).toEqual({
    'X-A': '1',
    accept: '*/*',
  });
  expect(choose({ header }).routes.every((route) => route.headers['X-A'] === '1')).toBe(true);
});

test('an app gets a GET of each --path with the same share, of / without one, or the routes of the profile', () => {
  const app = { line: 'node server.js' };
  expect(choose({ app, isShortener: false }).routes).toMatchObject([{ method: 'GET', path: '/', expect: anySuccess }]);
  const two = choose({ app, isShortener: false, paths: ['/a?b=1', '/c'], expect: [204] }).routes;
  expect(two).toMatchObject([
    { name: 'GET /a', path: '/a?b=1', weight: 1, expect: [204] },
    { name: 'GET /c', path: '/c', weight: 1, expect: [204] },
  ]);
  expect(choose({ app, isShortener: false, profile: withRoutes }).routes).toEqual([own]);
  expect(choose({ target: 'http://127.0.0.1:9/', paths: ['/a'] }).routes).toMatchObject([{ path: '/a' }]);
  expect(() => choose({ app, paths: ['/a'], profile: withRoutes })).toThrow('has its own routes. Leave out --path');
});

test.each([
  [{ target: 'http://127.0.0.1:9/x', profile: withRoutes }, /is one page, but profile smoke has its own routes/],
  [{ target: 'http://127.0.0.1:9/', expect: [200], profile: withRoutes }, /--expect needs a --target/],
  [{ expect: [200] }, /--expect needs a --target that is one page/],
  [{ method: 'POST' }, /--method and --body need a --target that is one page/],
  [{ target: 'http://127.0.0.1:9/', body: 'x', profile: withRoutes }, /--method and --body need a --target/],
])('what would be dropped without a word is refused: %j', (given, sentence) => {
  expect(() => choose(given)).toThrow(sentence);
});
