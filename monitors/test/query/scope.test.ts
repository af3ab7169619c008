import { expect, test } from '@jest/globals';
import { parseScope } from '../../query/scope.ts';

const web = new Set(['host:web-1', 'env:prod', 'team:a']);

test.each([
  ['*', true],
  ['host:web-1', true],
  ['host:web-2', false],
  ['host:web-*', true],
  ['host:web-1,env:prod', true],
  ['host:web-1,env:dev', false],
  ['host:web-1,!env:dev', true],
  ['host:web-1,!env:prod', false],
  ['host:web-1 AND env:prod', true],
  ['env:dev OR team:a', true],
  ['env:dev OR host:web-1 AND team:b', false],
  ['(env:dev OR env:prod) AND NOT team:b', true],
  ['env IN (dev, prod)', true],
  ['env NOT IN (dev,prod)', false],
  ['host:web.1', false],
  ['env:dev or host:web-1 and not team:b', true],
  ['env not in (dev, prod)', false],
])('{%s} on web-1: %s', (scope, matches) => {
  expect(parseScope(scope).matches(web)).toBe(matches);
});

test.each([
  ['', 'empty scope'],
  ['host:a,b:c OR d:e', 'cannot be mixed'],
  ['env IN prod', "expected '('"],
  ['env IN (prod', "missing ')' after env IN"],
  ['(env:a AND b:c', "missing ')' in the scope"],
  ['env:a AND', 'at the end of the scope'],
  ['env:a AND b:c d:e', "unexpected 'd:e'"],
  [':x', 'is not a tag'],
  ['host:a AND !env:b', "cannot be mixed with '!'"],
])('{%s}: %s', (scope, why) => {
  expect(() => parseScope(scope)).toThrow(why);
});
