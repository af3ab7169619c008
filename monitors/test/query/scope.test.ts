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
  ['Host:WEB-1,Env:Prod', true],
  ['*:prod', true],
  ['host:*eb-*', true],
  ['-env:dev', true],
  ['NOT (env:prod AND team:b)', true],
  ['NOT NOT env:prod', true],
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

test('tags that are asked for are told from those that are excluded', () => {
  const found = (scope: string) => {
    const { tags, excluded } = parseScope(scope);
    return [tags, excluded];
  };
  expect(found('host:a,!env:dev,-team:b')).toEqual([['host:a'], ['env:dev', 'team:b']]);
  expect(found('host:a AND NOT (env:dev OR NOT team:b)')).toEqual([['host:a', 'team:b'], ['env:dev']]);
  expect(found('env NOT IN (dev, test) OR zone IN (a)')).toEqual([['zone:a'], ['env:dev', 'env:test']]);
});
