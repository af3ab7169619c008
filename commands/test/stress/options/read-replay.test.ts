import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { answersExpected } from '../../../../loadtest/replay/expected-status.ts';
import { requestAt } from '../../../../loadtest/replay/recorder.ts';
import { parseMethods, parseSpeed, refuseBeside } from '../../../stress/flags/replay-flags.ts';
import { readReplay } from '../../../stress/options/read-replay.ts';
import { describeReplay, findReplayNotes } from '../../../stress/options/replay-notes.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'replay-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const line = (clock: string, request: string, status = 200) =>
  `203.0.113.9 - - [12/Mar/2026:${clock} +0000] "${request}" ${status} 5 "-" "curl"\n`;

function read(text: string, flags: object = {}, isOwn = false) {
  const file = join(dir, 'access.log');
  writeFileSync(file, text);
  const urlsFile = join(dir, 'urls.json');
  writeFileSync(urlsFile, JSON.stringify({ go: { url: 'http://example.com' } }));
  return readReplay(
    { seed: 1, replay: [file], ...flags },
    { stdin: process.stdin, signal: new AbortController().signal, isOwn, urlsFile },
  );
}

const get = (clock: string) => line(clock, 'GET /a HTTP/1.1');

test.each<[string, string, object, string]>([
  ['an empty log', '', {}, 'is empty: give a log with requests'],
  ['no log', 'hello\nworld\n', {}, 'none of 2 lines could be read as a request, the first is line 1 of'],
  [
    'no GET',
    line('00:00:00', 'POST /a HTTP/1.1'),
    {},
    'has no GET and no HEAD: its requests are POST (1). Send them with',
  ],
  ['no path', line('00:00:00', '-', 400), {}, 'none of its 1 requests has a path'],
  ['--speed 0', get('00:00:00'), { speed: 0 }, '--speed must be above 0 and at most 10000'],
  ['--from after --to', get('00:00:00'), { from: '02:00', to: '01:00' }, '--from 02:00 is not before --to 01:00'],
  ['a range without requests', get('00:00:00'), { from: '02:00' }, 'none of its 1 requests is within --from 02:00'],
  ['another clock', get('00:00:00'), { speed: 2, creditClock: 60 }, 'Give --speed 60 --credit-clock 60'],
  ['nothing kept', get('00:00:00'), { speed: 9000, creditClock: 9000 }, 'none was kept'],
])('%s is refused in a sentence', async (_, text, flags, message) => {
  await expect(read(text, flags)).rejects.toThrow(message);
});

test('a message has no query of the log, where credentials may stand', async () => {
  await expect(read('broken "GET /a?token=SECRET HTTP/1.1" x\n')).rejects.toThrow(/\/a\?\.\.\./);
  await expect(read('broken "GET /a?token=SECRET HTTP/1.1" x\n')).rejects.not.toThrow(/SECRET/);
});

test('the record has patterns, counts and what was left out, and no query', async () => {
  const text = [
    get('00:00:09'),
    line('00:00:00', 'GET /item/1?token=SECRET HTTP/1.1'),
    line('00:00:01', 'GET /item/2?token=SECRET HTTP/1.1', 404),
    line('00:00:02', 'POST /cart HTTP/1.1'),
    line('00:00:03', `GET /${'x'.repeat(100_000)} HTTP/1.1`, 414),
    'GET /broken?token=SECRET HTTP/1.1\n',
  ].join('');
  const replay = await read(text);
  expect(replay.record).toMatchObject({
    from: '2026-03-12T00:00:00.000Z',
    to: '2026-03-12T00:00:10.000Z',
    requests: { inLog: 5, otherMethods: { POST: 1 }, tooLong: 1, unreadable: 1, outOfOrder: 4, asked: 3, kept: 3 },
    routes: [
      { name: 'GET /item/:id', asked: 2, kept: 2 },
      { name: 'GET /a', asked: 1, kept: 1 },
    ],
  });
  expect(JSON.stringify(replay.record)).not.toContain('SECRET');
  expect(findReplayNotes(replay, { emulation: undefined, seed: 1 }).map(({ text }) => text)).toEqual([
    'Not replayed: requests with POST (1), which --replay-methods sends; 1 request whose path is longer than 16 KiB; 1 line that could not be read',
  ]);
  expect(describeReplay(replay)).toMatch(
    /access\.log \(combined\): 3 requests from 2026-03-12 00:00:00 to 2026-03-12 00:00:10 UTC, sent in 10 s$/,
  );
});

test('a log without statuses says so, and answers below 400 are expected', async () => {
  const replay = await read('2026-03-12T00:00:00+00:00 GET /a\n', {
    logFormat: '$time_iso8601 $request_method $request_uri',
  });
  expect(findReplayNotes(replay, { emulation: undefined, seed: 1 }).map(({ text }) => text)).toEqual([
    'The log has no status for its requests: an answer below 400 counts as expected',
  ]);
  const { status } = requestAt(replay.recording, 0);
  expect([200, 302, 404, 500].map((each) => answersExpected(status, each))).toEqual([true, true, false, false]);
  expect([200, 404, 500].map((each) => answersExpected(499, each))).toEqual([true, true, false]);
});

test('a JSON document is replayed by its records', async () => {
  const record = (second: number) => ({
    time: `2026-03-12T00:00:0${second}Z`,
    method: 'GET',
    path: `/${second}`,
    status: 200,
  });
  const { record: found } = await read(JSON.stringify([record(1), record(2)], null, 2));
  expect(found.requests).toMatchObject({ inLog: 2, kept: 2, unreadable: 0 });
});

test("on headroom's shortener its own paths stay, and others become links that it has", async () => {
  const text = [line('00:00:00', 'GET /go HTTP/1.1', 302), line('00:00:01', 'GET /cart?x HTTP/1.1')].join('');
  const { recording, record } = await read(text, {}, true);
  expect(record.replaced).toBe(1);
  const paths = [...recording.request].map((request) => requestAt(recording, request).path);
  expect(paths[0]).toBe('/go');
  expect(['/go', '/', '/no-such-code']).toContain(paths[1]);
});

test('methods with a body need one', () => {
  expect(parseMethods(undefined, () => '')).toEqual({ methods: new Set(['GET', 'HEAD']), bodies: {} });
  expect(parseMethods(['GET,DELETE', 'POST={"a": 1}', 'PUT=@b.json'], (file) => `of ${file}`)).toEqual({
    methods: new Set(['GET', 'DELETE', 'POST', 'PUT']),
    bodies: { POST: '{"a": 1}', PUT: 'of b.json' },
  });
  expect(() => parseMethods(['GET,POST'], () => '')).toThrow('--replay-methods POST: a log has no bodies.');
  expect(() => parseMethods(['FETCH'], () => '')).toThrow('--replay-methods FETCH is not one of GET, HEAD,');
});

test('requests are thinned only where credits run as fast as the log', () => {
  expect(parseSpeed({})).toEqual({ speed: 1, keep: 1 });
  expect(parseSpeed({ speed: 60 })).toEqual({ speed: 60, keep: 1 });
  expect(parseSpeed({ speed: 60, creditClock: 60 })).toEqual({ speed: 60, keep: 1 / 60 });
});

test('flags that the log decides are refused, and so are those of a replay without a log', () => {
  expect(() => refuseBeside({ replay: ['a'], rate: 5 })).toThrow('--rate does not go with --replay');
  expect(() => refuseBeside({ replay: ['a'], poisson: false })).not.toThrow();
  expect(() => refuseBeside({ replayMethods: ['GET'] })).toThrow(
    '--replay-methods is about a replay: add --replay access.log',
  );
});
