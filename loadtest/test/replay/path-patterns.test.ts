import { expect, test } from '@jest/globals';
import { createPathPatterns } from '../../replay/path-patterns.ts';

/** The pattern of each path, each requested once. */
function patternsOf(paths: readonly string[]): string[] {
  const patterns = createPathPatterns();
  const nodes = paths.map((path) => patterns.add(path));
  for (const node of nodes) patterns.count(node, 1);
  return nodes.map((node) => patterns.pattern(node));
}

test.each([
  ['/', '/'],
  ['/item/123?token=secret', '/item/:id'],
  ['/item/123;jsessionid=SECRET', '/item/:id'],
  ['/user/3f2a1b9c-0d1e-4f2a-9b8c-7d6e5f4a3b2c/posts', '/user/:id/posts'],
  ['/static/app.3f2a1b9c.js', '/static/app.:id.js'],
  ['/2026-03-12/report', '/:id/report'],
  ['/reset/eyJhbGciOiJIUzI1NiJ9', '/reset/:id'],
  ['/reset/q7Xk-9sLm2_PzR4tVw8', '/reset/:id'],
  ['/invite/Ab3dEf9h', '/invite/:id'],
  ['/docs/Release-Notes', '/docs/Release-Notes'],
  ['/u/mary@example.com', '/u/:id'],
  ['/about-us/team', '/about-us/team'],
  ['/v1/items', '/v1/items'],
])('%s is a request of %s', (path, pattern) => {
  expect(patternsOf([path])).toEqual([pattern]);
});

test('names that are one of many share a row, and what is requested often keeps its own', () => {
  const names = Array.from(
    { length: 2000 },
    (_, index) => `/blog/${String.fromCharCode(97 + (index % 26))}-post-${'x'.repeat(index % 77)}`,
  );
  const found = patternsOf([...Array.from({ length: 100 }, () => '/blog/feed'), ...names, '/about']);
  expect(new Set(found)).toEqual(new Set(['/blog/:name', '/blog/feed', '/about']));
});

test('a million different paths make few patterns', () => {
  const patterns = createPathPatterns();
  const nodes = Array.from({ length: 100_000 }, (_, index) =>
    patterns.add(`/a/${(index * 2654435761) % 1e9}/${index}/x`),
  );
  expect(new Set(nodes).size).toBe(1);
  const words = Array.from({ length: 20_000 }, (_, index) =>
    patterns.add(`/w/${[...String(index)].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`),
  );
  expect(new Set(words).size).toBeLessThanOrEqual(1001);
});
