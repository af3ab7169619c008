import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { loadProfile } from '../../../loadtest/profiles/load-profile.ts';
import type { Route } from '../../../model/profile.ts';
import { chooseRoutes } from '../../stress/choose-routes.ts';

const urlsFile = fileURLToPath(new URL('../../../urls.json', import.meta.url));
const own: Route = { name: 'own', method: 'GET', path: '/own', weight: 1, headers: {}, expect: [200] };
const usual = loadProfile('smoke');
const withRoutes = { ...usual, routes: [own] };
const choose = (more: { target?: string; expect?: number[]; profile?: typeof usual }) =>
  chooseRoutes({
    profile: more.profile ?? usual,
    target: more.target === undefined ? undefined : new URL(more.target),
    expect: more.expect,
    urlsFile,
  });

test('a URL with a path is one GET; without one a profile has its own routes, or the shortener its mix', () => {
  const { routes } = choose({ target: 'http://127.0.0.1:9/x?y=1', expect: [204] });
  expect(routes).toMatchObject([{ method: 'GET', path: '/x?y=1', expect: [204] }]);
  // The root page is told from the shortener by what it answers.
  expect(choose({ target: 'http://127.0.0.1:9', expect: [200] }).routes).toMatchObject([
    { method: 'GET', path: '/', expect: [200] },
  ]);
  expect(choose({ target: 'http://127.0.0.1:9/', profile: withRoutes }).routes).toEqual([own]);
  expect(choose({}).routes.map(({ name }) => name)).toContain('redirect');
});

test.each([
  [{ target: 'http://127.0.0.1:9/x', profile: withRoutes }, /is one page, but profile smoke has its own routes/],
  [{ target: 'http://127.0.0.1:9/', expect: [200], profile: withRoutes }, /--expect needs a --target/],
  [{ expect: [200] }, /--expect needs a --target that is one page/],
])('what would be dropped without a word is refused: %j', (given, sentence) => {
  expect(() => choose(given)).toThrow(sentence);
});
