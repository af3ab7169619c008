// Lines that are read by the layout of one before them: each is what it is when it is the first of its log.
import { describe, expect, test } from '@jest/globals';
import { createLogParser } from '../../access-log/parse-line.ts';
import { layoutOf, valuesIn } from '../../access-log/record-layout.ts';

const nowMs = Date.parse('2026-03-20T00:00:00Z');
const caddy = (more: object = {}, request: object = {}) => ({
  ...{ level: 'info', ts: 1773306000.25, logger: 'http.log.access', msg: 'handled request' },
  request: { method: 'GET', host: 'go', uri: '/a', headers: { 'User-Agent': ['x "y" }'], Te: ['[{'] }, ...request },
  ...{ duration: 0.004, status: 200, resp_headers: { Server: ['Caddy'] } },
  ...more,
});

const changed: readonly [string, object | string][] = [
  ['the same keys', caddy({ ts: 1773306001, status: 404 }, { uri: '/b?q=1' })],
  ['other headers', caddy({ resp_headers: {} }, { headers: { Status: ['500'], Uri: ['/no'] } })],
  ['quotes, braces and backslashes in its text', caddy({ msg: '"},{\\' }, { uri: '/\\"status":500,\\\\' })],
  ['text that looks like keys', caddy({}, { uri: '/","status":500,"x":"' })],
  ['a status as text', caddy({ status: '302' })],
  ['no status', caddy({ status: null })],
  ['a status that none is', caddy({ status: 7 })],
  ['an object where text was', caddy({ msg: { status: 500, method: 'POST' } })],
  ['an object as text', caddy({ msg: '{"status":500,"ts":1}' })],
  ['an object as text with escapes', JSON.stringify(caddy()).replace('handled request', '\\u007b\\"status\\":500}')],
  ['a list where text was', caddy({ msg: ['a', { status: 500 }] })],
  ['text where an object was', caddy({ request: 'GET /c HTTP/1.1' })],
  ['more keys', caddy({ code: 500 })],
  ['fewer keys', caddy({ msg: undefined })],
  ['its keys in another order', Object.fromEntries(Object.entries(caddy()).reverse())],
  ['a key twice', JSON.stringify(caddy()).replace('"status":200', '"status":200,"status":503')],
  ['blanks between', JSON.stringify(caddy(), undefined, 1).replaceAll('\n', '')],
  ['a method of its own', caddy({}, { method: 'purge' })],
  ['a whole URL', caddy({}, { uri: 'https://go/a' })],
  ['the log of errors', caddy({ logger: 'http.log.error' })],
  ['a request that was sent', caddy({ msg: 'outgoing request' })],
  ['a time that does not exist', caddy({ ts: '2026-02-30T09:00:00Z' })],
  ['an end that is missing', JSON.stringify(caddy()).slice(0, -30)],
  ['something behind it', `${JSON.stringify(caddy())} "status":500`],
  ['two records', JSON.stringify(caddy()) + JSON.stringify(caddy({ status: 500 }))],
];
const lineOf = (record: object | string): string => (typeof record === 'string' ? record : JSON.stringify(record));

describe('a line behind one with the same layout', () => {
  test.each(changed)('but %s is read as a line alone is', (_, record) => {
    const line = lineOf(record);
    const parse = createLogParser({ nowMs });
    for (const before of [caddy(), caddy({ status: 500 })]) parse(lineOf(before));
    expect(parse(line)).toEqual(createLogParser({ nowMs })(line));
  });

  test('makes no difference in any order', () => {
    const lines = changed.map(([, record]) => lineOf(record));
    for (const order of [lines, lines.toReversed(), [...lines, ...lines]]) {
      const parse = createLogParser({ nowMs });
      expect(order.map(parse)).toEqual(order.map((line) => createLogParser({ nowMs })(line)));
    }
  });
});

describe('a layout', () => {
  const layout = (text: string) => layoutOf(text, JSON.parse(text));

  test('gives the values at the places that are wanted', () => {
    const found = layout('{"a": 1, "b": {"c": "x", "d": [1, {"e": "}"}]}, "headers": {"f": 2}}');
    const line = '{"a": -2.5e3, "b": {"c": "y\\"", "d": []}, "headers": {}}';
    expect(found && valuesIn(line, found, new Set([0, 2, 3]))).toEqual([-2500, undefined, 'y"', []]);
  });

  test.each(['{"2": 1, "1": 2}', '{"a": 1, "a": 2}', '{"a": "{\\"b\\": 1}"}', `${'{"a":'.repeat(7)}1${'}'.repeat(7)}`])(
    'is not made of %s, whose values have other places',
    (text) => {
      expect(layout(text)).toBeUndefined();
    },
  );
});
