// Logs as people have them, three requests each; how single lines are read is in parse-line.test.ts.
import { expect, test } from '@jest/globals';
import { recordsOf } from '../../access-log/json-document.ts';
import type { LogLine } from '../../access-log/log-line.ts';
import { createLogParser } from '../../access-log/parse-line.ts';

const nowMs = Date.parse('2026-03-20T00:00:00Z');
const paths = ['/go/a0', '/go/a3', '/go/a6'];
const clocks = ['09:00:00', '09:30:00', '10:00:00'];
const each = (make: (clock: string, path: string, epoch: number) => string, head = '') =>
  head +
  clocks.map((clock, at) => `${make(clock, paths[at] as string, Date.parse(`2026-03-12T${clock}Z`))}\n`).join('');

function read(text: string, format?: string): LogLine[] {
  const parse = createLogParser({ nowMs, format });
  const found = (lines: readonly string[]) => lines.map(parse).flatMap((line) => ('unread' in line ? [] : [line]));
  const lines = found(text.split('\n'));
  return lines.length > 0 ? lines : found((recordsOf(text) ?? []).map((record) => JSON.stringify(record)));
}

const asRead = (lines: readonly LogLine[]) =>
  lines.map(({ atMs, request, status }) => [
    new Date(atMs).toISOString().slice(11, 19),
    request?.split(' ')[1],
    status,
  ]);
const wanted = (status?: number) => clocks.map((clock, at) => [clock, paths[at], status]);

test.each([
  [
    'of IIS in its own format',
    each(
      (c, p) =>
        `203.0.113.7, -, 3/12/2026, ${c.replace(/^0/, '')}, W3SVC2, WEB, 10.0.0.1, 4502, 163, 3223, 302, 0, GET, ${p}, -,`,
    ),
  ],
  ['of Tornado', each((c, p) => `[I 260312 ${c} web:2348] 302 GET ${p} (203.0.113.7) 4.02ms`)],
  [
    'of uWSGI with 200 bytes',
    each(
      (c, p) =>
        `[pid: 9|app: 0|req: 1/1] 203.0.113.7 () {40 vars in 600 bytes} [Thu Mar 12 ${c} 2026] GET ${p} => generated 200 bytes in 404 msecs (HTTP/1.1 302) 4 headers`,
    ),
  ],
  [
    'of CloudFront in real time',
    each((_, p, ms) => `${ms / 1000}.123\t203.0.113.7\t0.001\t302\t512\tGET\thttps\tgo.example.com\t${p}\t400`),
  ],
  ['in a CSV with the path first', each((c, p) => `2026-03-12T${c}Z,${p},GET,302`, 'time,path,method,code\n')],
  [
    'in a table with other columns between',
    each(
      (c, p) => `2026-03-12T${c}Z\t203.0.113.7\tGET\tgo.example.com\t${p}\t302`,
      'ts\tip\tmethod\thost\tpath\tstatus\n',
    ),
  ],
  ['in a CSV without names', each((c, p) => `2026-03-12T${c}Z,${p},GET,302`)],
  [
    'of Logs Insights',
    JSON.stringify({
      results: clocks.map((c, at) => [
        { field: '@timestamp', value: `2026-03-12 ${c}.000` },
        { field: '@message', value: `203.0.113.7 - - [12/Mar/2026:${c} +0000] "GET ${paths[at]} HTTP/1.1" 302 5` },
      ]),
    }),
  ],
  [
    'of filter-log-events',
    JSON.stringify({
      events: clocks.map((c, at) => ({
        timestamp: Date.parse(`2026-03-12T${c}Z`),
        message: `203.0.113.7 - - [12/Mar/2026:${c} +0000] "GET ${paths[at]} HTTP/1.1" 302 5`,
      })),
      searchedLogStreams: [{ logStreamName: 'web', searchedCompletely: true }],
    }),
  ],
  [
    'as JSON without line ends',
    each((c, p) => JSON.stringify({ time: `2026-03-12T${c}Z`, method: 'GET', path: p, status: 302 })).replaceAll(
      '\n',
      '',
    ),
  ],
  [
    'of journalctl -o export',
    each(
      (c, p) =>
        `__CURSOR=s=1\n__REALTIME_TIMESTAMP=1\nMESSAGE=203.0.113.7 - - [12/Mar/2026:${c} +0000] "GET ${p} HTTP/1.1" 302 5\n`,
    ),
  ],
])('a log %s is its three requests', (_, text) => {
  expect(asRead(read(text))).toEqual(wanted(302));
});

test.each([
  [
    'Envoy',
    each((c, p) => `[2026-03-12T${c}.1Z] "GET ${p} HTTP/1.1" 0 DC downstream_remote_disconnect - "-" 0 0 200 -`),
  ],
  [
    'Traefik',
    each((c, p) => `203.0.113.7 - - [12/Mar/2026:${c} +0000] "GET ${p} HTTP/1.1" 0 0 "-" "-" 1 "go@docker" "-" 4ms`),
  ],
])('the status of a client that left is 0 in a log of %s', (_, text) => {
  expect(asRead(read(text))).toEqual(wanted(0));
});

test('requests that AWS WAF let through are requests, and those that it blocked are none', () => {
  const line = (ms: number, path: string, action: string) =>
    JSON.stringify({
      timestamp: ms,
      formatVersion: 1,
      action,
      httpRequest: { clientIp: 'x', uri: path, httpMethod: 'GET' },
    });
  const text = each((_, p, ms) => `${line(ms, p, 'ALLOW')}\n${line(ms, p, 'BLOCK')}`);
  expect(asRead(read(text))).toEqual(wanted(undefined));
});

test('a row with a count is so many requests', () => {
  const text =
    'time,method,path,status,count\n2026-03-12T09:00:00Z,GET,/a,200,120\n2026-03-12T09:01:00Z,GET,/a,500,3\n';
  expect(read(text).map(({ requests }) => requests)).toEqual([120, 3]);
});

test('a connection of a TCP listener is no request', () => {
  const line = '2026-03-12T09:00:00.9Z lb 203.0.113.7:2817 10.0.0.1:80 0.00 0.00 0.00 - - 82 305 "- - - " "-" - -';
  expect(createLogParser({ nowMs })(line)).toMatchObject({ unread: 'unknown' });
});

test.each([
  'INFO:     203.0.113.7:51234 - "GET /a HTTP/1.1" 200 OK',
  '203.0.113.7 - GET /a HTTP/1.1 200 5 - 4 ms',
  '{"method":"GET","path":"/a","status":200}',
])('a request without a date is undated: %s', (line) => {
  expect(createLogParser({ nowMs })(line)).toMatchObject({ unread: 'undated' });
});

test('the brackets around records are lines of something else', () => {
  const parse = createLogParser({ nowMs });
  expect(['[', '],', '  ]', '}'].map((line) => parse(line))).toEqual(Array(4).fill({ unread: 'other', source: '' }));
});

const apache = (c: string, p: string) =>
  `203.0.113.7 - - [12/Mar/2026:${c} +0000] "GET ${p} HTTP/1.1" 302 5 "-" "a \\"b\\""`;

test.each([
  ['%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"', each(apache)],
  ['LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined', each(apache)],
  [
    '%v:%p %a [%{%F %T}t.%{msec_frac}t %{%z}t] %m %U%q %s',
    each((c, p) => `go:80 203.0.113.7 [2026-03-12 ${c}.123 +0000] GET ${p} 302`),
  ],
  ['vhost_combined', each((c, p) => `go.example.com:443 ${apache(c, p)}`)],
  ["'$time_iso8601\\t$status\\t$request'", each((c, p) => `2026-03-12T${c}+00:00\t302\tGET ${p} HTTP/1.1`)],
  ['%s%%%U%%%{sec}t%%%m%%%^FB', each((_, p, ms) => `302%${p}%${ms / 1000}%GET%17`)],
])('the given format %s is read', (format, text) => {
  expect(asRead(read(text, format))).toEqual(wanted(302));
});

test.each([
  ['%h "%r" %>s', 'needs %t: copy the string of LogFormat'],
  [' - [] "" ', 'in single quotes so that the shell leaves its names'],
  ['$1 [$2]', 'needs $time_local'],
])('a format without a time is refused: %s', (format, message) => {
  expect(() => createLogParser({ nowMs, format })).toThrow(message);
});
