import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseUrls } from '../../links/urls-file.ts';

test('reads the seed links that are shipped', () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', '..', 'urls.json'), 'utf8');
  const { entries } = parseUrls(text, 'urls.json');
  expect(Object.fromEntries(entries.map(({ code, kind, value }) => [code, { [kind]: value }]))).toEqual(
    JSON.parse(text),
  );
  expect(entries[0]).toEqual({ code: 'go', line: 2, kind: 'url', value: 'http://google.com' });
});

test('reads whatever JSON.stringify writes', () => {
  const entry = fc.oneof(fc.record({ url: fc.string({ unit: 'binary' }) }), fc.record({ file: fc.string() }));
  fc.assert(
    fc.property(
      fc.dictionary(fc.string({ unit: 'grapheme' }), entry, { noNullPrototype: true }),
      fc.nat(3),
      (urls, indent) => {
        const { entries } = parseUrls(JSON.stringify(urls, null, indent), 'urls.json');
        expect(entries.map(({ code, kind, value }) => [code, { [kind]: value }])).toEqual(Object.entries(urls));
      },
    ),
  );
});

test('reads DEL and the C1 control characters as JSON does', () => {
  const url = Array.from({ length: 0x21 }, (_, i) => String.fromCharCode(0x7f + i)).join('');
  const text = JSON.stringify({ a: { url } });
  expect(text).toContain(url);
  expect(parseUrls(text, 'urls.json').entries).toEqual([{ code: 'a', line: 1, kind: 'url', value: url }]);
});

test.each([
  ['', 'line 1: expected "{" but reached the end of the file'],
  ['[]', 'line 1: expected "{" but found [].'],
  ['{"a": {"url": "x"}', 'line 1: expected "," but reached the end of the file'],
  ['{"a": {"url": "x"', 'line 1, key "a": expected "}" but reached the end of the file'],
  ['{\n"a": {"url": "x"}\n"b": {"url": "x"}}', 'line 3: expected "," but found "b"'],
  ['{"a": {"url": "x"},\n}', 'line 2: expected a short name in double quotes but found }'],
  ['{} {}', 'line 1: expected the end of the file but found {'],
])('%j is refused by line and key', (text, message) => {
  expect(() => parseUrls(text, 'urls.json')).toThrow(`urls.json ${message}`);
});

test.each([
  ['{"a":\n"http://x"}', 2, 'expected "{" but found "http://x"'],
  ['{"a": {"url": 7}}', 1, 'expected a string in double quotes but found 7'],
  ['{"a": {"url": ["x", {"y": 1}]}}', 1, 'expected a string in double quotes but found ['],
  ['{"a": {"url": "x", "file": "y"}}', 1, 'expected "}" but found ,'],
  ['{"b": {"url": "x"},\n"a": {}}', 2, 'expected "url" or "file" but found }'],
  ['{"a": {"url": "x\\q"}}', 1, '"x\\q" has an invalid escape sequence'],
])('of %j the entry is reported, and those after it are read', (text, line, problem) => {
  const more = text.replace(/\}$/, ', "last": {"url": "z"}}');
  expect(parseUrls(text, 'urls.json').problems).toEqual([{ code: 'a', line, problem }]);
  const { entries, problems } = parseUrls(more, 'urls.json');
  expect([entries.at(-1), problems]).toEqual([
    { code: 'last', line, kind: 'url', value: 'z' },
    [{ code: 'a', line, problem }],
  ]);
});

test('a key that is used twice is reported, and its first entry is kept', () => {
  const { entries, problems } = parseUrls('{"a": {"url": "x"},\n"a": {"url": "y"}}', 'urls.json');
  expect(entries).toEqual([{ code: 'a', line: 1, kind: 'url', value: 'x' }]);
  expect(problems).toEqual([{ code: 'a', line: 2, problem: 'the key is used twice' }]);
});
