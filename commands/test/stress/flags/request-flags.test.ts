import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Route } from '../../../../model/profile.ts';
import { chooseRequest, storedRoutes, withoutHeaderValues } from '../../../stress/flags/request-flags.ts';

const folder = mkdtempSync(join(tmpdir(), 'headroom-body-'));

test('a header is a name and a value, which may be a variable of the environment', () => {
  const header = ['Accept: text/html', 'X-Time:12:30', 'Authorization: $TOKEN'];
  expect(chooseRequest({ header }, { TOKEN: 'Bearer abc' }).headers).toEqual({
    Accept: 'text/html',
    'X-Time': '12:30',
    Authorization: 'Bearer abc',
  });
});

test.each([
  [{ header: ['s3cret'] }, /^--header must read 'Name: value'/],
  [{ header: ['a b: s3cret'] }, /^--header must read/],
  [{ header: ['Cookie: s3cret', 'cookie: s3cret'] }, /^--header cookie was given twice/],
  [{ header: ['Cookie:'] }, /^--header Cookie has no value\. Set it/],
  [{ header: ['Cookie: $NOT_SET'] }, /^--header Cookie has no value: the environment variable NOT_SET is not set/],
  [{ method: 'BREW' }, /^--method BREW cannot be sent\. Use GET, HEAD/],
  [{ body: '@/no/such/file' }, /^--body @\/no\/such\/file cannot be read \(ENOENT\)/],
])('%j is refused, without the value of a header', (flags, sentence) => {
  expect(() => chooseRequest(flags, {})).toThrow(sentence);
  expect(() => chooseRequest(flags, {})).not.toThrow(/s3cret/);
});

test('a body is a text or the text of a file as it is', () => {
  const file = join(folder, 'body.json');
  writeFileSync(file, '{"a": "ü"}\n');
  expect(chooseRequest({ body: '{"a": 1}' }, {}).body).toBe('{"a": 1}');
  expect(chooseRequest({ body: `@${file}` }, {}).body).toBe('{"a": "ü"}\n');
  writeFileSync(file, Buffer.from([0xff, 0xfe, 0x00]));
  expect(() => chooseRequest({ body: `@${file}` }, {})).toThrow(/is not text in UTF-8/);
});

test('a record has the names of headers, and of a file its name', () => {
  const request = { headers: {}, method: undefined, body: 'content', shownBody: '@body.json' };
  const route: Route = {
    name: 'x',
    method: 'POST',
    path: '/',
    weight: 1,
    headers: { Cookie: 's3cret' },
    body: 'content',
    expect: [200],
  };
  expect(storedRoutes([route], request)).toEqual([
    { ...route, headers: { Cookie: '(not stored)' }, body: '@body.json' },
  ]);
});

test('the command line of a record asks for values in variables', () => {
  const words = [
    '--header',
    'Cookie: s3cret',
    '--header=X-Api-Key: s3cret',
    '--header',
    'Accept: $KIND',
    '--target',
    'http://x/',
  ];
  expect(withoutHeaderValues(words)).toEqual([
    ...[
      '--header',
      'Cookie: $COOKIE',
      '--header=X-Api-Key: $X_API_KEY',
      '--header',
      'Accept: $KIND',
      '--target',
      'http://x/',
    ],
  ]);
});
