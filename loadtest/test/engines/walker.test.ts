// One user, whose answers are made up.
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import type { WalkStep } from '../../../model/walk.ts';
import { compileWalk } from '../../engines/walks/compile-walk.ts';
import { Walker } from '../../engines/walks/walker.ts';

const step = (more: Partial<WalkStep>): WalkStep => ({
  name: 's',
  method: 'GET',
  path: '/',
  headers: {},
  expect: [200],
  ...more,
});
const walkerOf = (...steps: Partial<WalkStep>[]): Walker =>
  new Walker(compileWalk({ steps: steps.map(step) }, 'http://127.0.0.1:3000'), 0);

/** The answer as the connection shows it. */
function answer(walker: Walker, headers: readonly (string | Buffer)[] = [], body: Buffer | string = ''): void {
  const lines = headers.flatMap((line) => [Buffer.from(line), Buffer.from('\r\n')]);
  walker.kept.heads = Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n'), ...lines, Buffer.from('\r\n')]).toString(
    'latin1',
  );
  const bytes = Buffer.from(body);
  walker.kept.keepBody(bytes, 0, bytes.length);
  walker.seen(200);
}

const variable = '$'.concat('{v}');

describe('a walker', () => {
  test('sends cookies back byte by byte, and UTF-8 of a header as it is meant', () => {
    const walker = walkerOf({ take: { v: { header: 'location' } } }, { path: variable, headers: { 'x-v': variable } });
    const latin = Buffer.from('set-cookie: city=\xfc', 'latin1');
    answer(walker, ['set-cookie: name=é; Path=/', latin, 'location: /café']);
    expect(walker.path).toBe('/caf%C3%A9');
    expect(walker.bytes.includes(Buffer.from('cookie: name=é; city='))).toBe(true);
    expect(walker.bytes.includes(Buffer.from('city=\xfc\r\n', 'latin1'))).toBe(true);
    expect(walker.bytes.includes(Buffer.from('x-v: /café\r\n'))).toBe(true);
  });

  test('sends a cookie of its own until the target sets it', () => {
    const headers = { cookie: 'session=abc; lang=é' };
    const walker = walkerOf({ headers }, { headers });
    expect(walker.bytes.toString()).toContain('cookie: session=abc; lang=é\r\n');
    answer(walker, ['set-cookie: session=def; Path=/']);
    expect(walker.bytes.toString()).toContain('cookie: lang=é; session=def\r\n');
  });

  test('goes on with half a character of the target in its path, form and JSON', () => {
    const take = { v: { json: '/v' } };
    const body = (type: string) => ({
      method: 'POST' as const,
      headers: { 'content-type': type },
      body: variable,
      take,
    });
    const json = '{"v":"\\ud800x"}';
    const walker = walkerOf({ take }, body('application/x-www-form-urlencoded'), body('application/json'), {
      path: `/${variable}`,
    });
    answer(walker, [], json);
    expect(walker.bytes.toString()).toMatch(/%EF%BF%BDx$/);
    answer(walker, [], json);
    expect(walker.bytes.toString()).toMatch(/\uFFFDx$/);
    answer(walker, [], json);
    expect(walker.path).toBe('/%EF%BF%BDx');
  });
});

describe('a body', () => {
  const mib = 1024 * 1024;
  const take = { v: { pattern: 'id=(\\d+)' } };
  const seen = (body: Buffer | string, encoding?: string, own = take): Walker => {
    const walker = walkerOf({ take: own });
    answer(walker, encoding === undefined ? [] : [`content-encoding: ${encoding}`], body);
    return walker;
  };
  const noise = Buffer.from(Array.from({ length: 2 * mib }, (_, at) => (at * at * 2_654_435_761) >>> 24));

  const fast = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', (bytes: Buffer | string) => brotliCompressSync(bytes, fast)],
  ])('in %s is read to its begin, and bounded', (encoding, pack) => {
    expect(seen(pack('x id=7'), encoding).values.get('v')).toBe('7');
    expect(seen(pack(Buffer.concat([Buffer.from('id=7 '), noise])), encoding).values.get('v')).toBe('7');
    expect(seen(pack(Buffer.alloc(17 * mib)), encoding).failure).toEqual({ why: 'body-too-long', variable: 'v' });
    expect(seen('id=7', encoding).failure).toEqual({ why: 'body-unreadable', variable: 'v' });
  });

  test('that is longer than what is read, or in an unknown encoding, is named as the reason', () => {
    expect(seen(`${' '.repeat(mib)}id=7`).failure).toEqual({ why: 'body-too-long', variable: 'v' });
    expect(seen(' '.repeat(mib)).failure).toEqual({ why: 'value', variable: 'v' });
    expect(seen('id=7', 'zstd').failure).toEqual({ why: 'body-unreadable', variable: 'v' });
    expect(seen('id=7', 'zstd', { v: { header: 'x-id' } } as never).failure).toEqual({ why: 'value', variable: 'v' });
  });
});
