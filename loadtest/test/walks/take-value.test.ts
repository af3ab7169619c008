import { expect, test } from '@jest/globals';
import type { Take } from '../../../model/walk.ts';
import { compileTake } from '../../walks/take-value.ts';

const take = (spec: Take, body: string, headers: readonly string[] = []): string | undefined =>
  compileTake(spec)({ header: () => headers, body: () => body });

test.each<[pointer: string, value: string | undefined]>([
  // The examples of RFC 6901, section 5, without those that point to no single value.
  ['/foo/0', 'bar'],
  ['/', '0'],
  ['/a~1b', '1'],
  ['/c%d', '2'],
  ['/e^f', '3'],
  ['/g|h', '4'],
  ['/i\\j', '5'],
  ['/k"l', '6'],
  ['/ ', '7'],
  ['/m~0n', '8'],
  ['', undefined],
  ['/foo', undefined],
  ['/foo/2', undefined],
  ['/foo/01', undefined],
  ['/foo/-', undefined],
  ['/foo/length', undefined],
  ['/toString', undefined],
  ['/yes', 'true'],
  ['/none', undefined],
  ['/empty', undefined],
])('JSON pointer "%s"', (json, value) => {
  const document =
    '{"foo":["bar","baz"],"":0,"a/b":1,"c%d":2,"e^f":3,"g|h":4,"i\\\\j":5,"k\\"l":6," ":7,"m~n":8,"yes":true,"none":null,"empty":""}';
  expect(take({ json }, document)).toBe(value);
  expect(take({ json }, document.slice(0, -1))).toBeUndefined();
});

test('a pattern gives its first group, or the whole match without one; never an empty value or a line end', () => {
  expect(take({ pattern: 'id=(\\d+)' }, 'x id=17 id=18')).toBe('17');
  expect(take({ pattern: '\\d+' }, 'x id=17')).toBe('17');
  expect(take({ pattern: 'id=(\\d*)' }, 'id=')).toBeUndefined();
  expect(take({ pattern: 'csrf=(\\w+)?' }, 'csrf=')).toBeUndefined();
  expect(take({ pattern: '(?:a|b)\\(' }, 'b(')).toBe('b(');
  expect(take({ pattern: 'a[^z]*z' }, 'a\r\nz')).toBeUndefined();
});

test('a header, and a pattern in the first of several that has it', () => {
  expect(take({ header: 'location' }, '', ['/orders/1'])).toBe('/orders/1');
  expect(take({ header: 'set-cookie', pattern: '^xsrf=([^;]+)' }, '', ['sid=1; Path=/', 'xsrf=t; Path=/'])).toBe('t');
  expect(take({ header: 'x-none' }, 'body')).toBeUndefined();
  expect(take({ json: '/a', pattern: '\\d' }, '{"a": "x7"}')).toBe('7');
});

test('half of a surrogate pair becomes the replacement character, which can be sent', () => {
  expect(take({ json: '/a' }, '{"a":"\\ud800x"}')).toBe('\uFFFDx');
  expect(take({ pattern: '^.' }, '\u{1F600}')).toBe('\uFFFD');
  expect(take({ pattern: '^..' }, '\u{1F600}')).toBe('\u{1F600}');
});
