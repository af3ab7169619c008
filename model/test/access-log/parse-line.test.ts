import { expect, test } from '@jest/globals';
import { createLogParser } from '../../access-log/parse-line.ts';

const nowMs = Date.parse('2026-03-20T00:00:00Z');
const parse = (...lines: readonly string[]) => {
  const parser = createLogParser({ nowMs });
  return lines.map((line) => parser(line)).at(-1);
};
const line = (time: string, rest = '"GET /yt HTTP/1.1" 302 0') => `203.0.113.9 - - [${time}] ${rest}`;
const esc = String.fromCodePoint(0x1b);
const plain = '127.0.0.1:5 - "GET /a HTTP/1.1" 200 OK';

test('a line gives its time in UTC, and the zone in which it was written', () => {
  const found = { format: 'common', request: 'GET /yt HTTP/1.1', status: 302 };
  expect(parse(line('22/Nov/2026:01:00:59 +0100'))).toEqual({
    ...found,
    atMs: Date.parse('2026-11-22T00:00:59Z'),
    zone: '+0100',
  });
  expect(parse(line('22/Nov/2026:01:00:00 -0330'))).toEqual({
    ...found,
    atMs: Date.parse('2026-11-22T04:30:00Z'),
    zone: '-0330',
  });
});

test.each([
  ['combined', line('12/Mar/2026:09:00:00 +0000', '"GET /a\\"b HTTP/1.1" 404 12 "https://example.com/" "Mozilla/5.0"')],
  ['common', line('12/Mar/2026:09:00:00 +0000', '"-" 400 -')],
  [
    'combined',
    `fe80::1%eth0, 203.0.113.7:443 - - [12/Mar/2026:09:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "curl" 0.004`,
  ],
  ['common', `go.example.com:443 ${line('12/Mar/2026:09:00:00 +0000')}`],
  ['common', `2026-03-12T09:00:00.1Z stdout F ${line('12/Mar/2026:09:00:00 +0000')}`],
  ['common', `<190>1 2026-03-12T09:00:00Z web-1 nginx 1 - - ${line('12/Mar/2026:09:00:00 +0000')}`],
  ['text', `Mar 12 09:00:00 web-1 uvicorn[7]: INFO: ${plain}`],
  ['text', `2026-03-12T09:00:00+0000 web-1 uvicorn[7]: ${plain}`],
  ['text', `web-1  | 2026-03-12T09:00:00.123Z ${plain}`],
  ['text', '[12/Mar/2026 09:00:00] "GET / HTTP/1.1" 200 -'],
  ['text', '[GIN] 2026/03/12 - 09:00:00 | 200 |     4.1ms |     203.0.113.7 | GET      "/go/a0"'],
  ['text', '1773306000.123      4 203.0.113.7 TCP_MISS/302 512 GET http://go.example.com/ - HIER_DIRECT/203.0.113.2 -'],
  ['text', '[2026-03-12T09:00:00.123Z] "GET /x?from=2020-01-01T00:00:00Z HTTP/1.1" 200 - 0 5'],
  ['text', '[pid: 12] 203.0.113.7 () {34 vars} [Thu Mar 12 09:00:00 2026] GET /a => generated 5 bytes (HTTP/1.1 302)'],
  [
    'nginx-proxy-manager',
    '[12/Mar/2026:09:00:00 +0000] - 200 200 - GET https go.example.com "/a" [Client 203.0.113.7] [Length 5]',
  ],
  ['key-value', 'time="2026-03-12T09:00:00Z" level=info method=GET path=/a status=200 duration=4ms'],
  [
    'json',
    '{"level":30,"time":1773306000000,"req":{"method":"GET","url":"/a"},"res":{"statusCode":200},"msg":"request completed"}',
  ],
  [
    'json',
    '{"@timestamp":"2026-03-12T09:00:00.000Z","http":{"request":{"method":"GET"},"response":{"status_code":200}},"url":{"path":"/"}}',
  ],
  ['json', '{"msec":"1773306000.123","request_method":"GET","request_uri":"/","status":"200"}'],
  ['json', '{"requestTime":"12/Mar/2026:09:00:00 +0000","httpMethod":"GET","path":"/","status":"200"}'],
  [
    'common',
    `{"log":${JSON.stringify(`${line('12/Mar/2026:09:00:00 +0000')}\n`)},"stream":"stdout","time":"2026-03-12T09:00:00Z"}`,
  ],
  ['text', `{"MESSAGE":${JSON.stringify(plain)},"__REALTIME_TIMESTAMP":"1773306000000000"}`],
])('a line of the kind %s is read: %s', (format, text) => {
  const found = parse(text);
  expect(found).toMatchObject({ format });
  expect(new Date((found as { atMs: number }).atMs).toISOString().slice(0, 19)).toBe('2026-03-12T09:00:00');
});

test('columns of W3C logs are those of the last #Fields, and their times UTC', () => {
  expect(
    parse(
      '#Fields: date time cs-method cs-uri-stem sc-status',
      '#Fields: time date sc-status cs-method cs-uri-stem',
      '09:00:00 2026-03-12 302 GET /a',
    ),
  ).toEqual({ format: 'w3c', atMs: Date.parse('2026-03-12T09:00:00Z'), zone: 'Z', request: 'GET /a', status: 302 });
});

test('a year is assumed only where the time is that of the prefix', () => {
  const haproxy =
    '203.0.113.7:3 [12/Mar/2026:09:00:00.655] in be/s 1/0/3/6/10 302 5 - - ---- 1/1/1/1/0 0/0 "GET /a HTTP/1.1"';
  expect(parse(`Mar 12 09:00:00 lb haproxy[1]: ${haproxy}`)).not.toHaveProperty('isYearAssumed');
  expect(parse(`Mar 12 09:00:00 web uvicorn[1]: ${plain}`)).toHaveProperty('isYearAssumed', true);
});

test('a JSON line needs no method when it has a status and says who asked', () => {
  expect(parse('{"timestamp":"2026-03-12T09:00:00Z","status":200,"remote_addr":"203.0.113.7"}')).toMatchObject({
    status: 200,
  });
});

test('a line that a container runtime split is one, and a repeated message so many', () => {
  const [first, second] = [
    line('12/Mar/2026:09:00:00 +0000').slice(0, 40),
    line('12/Mar/2026:09:00:00 +0000').slice(40),
  ];
  expect(parse(`2026-03-12T09:00:00Z stdout P ${first}`, `2026-03-12T09:00:00Z stdout F ${second}`)).toMatchObject({
    format: 'common',
    source: 'stdout',
  });
  expect(
    parse(`Mar 12 09:00:00 web nginx: message repeated 3 times: [ ${line('12/Mar/2026:09:00:00 +0000')}]`),
  ).toMatchObject({ requests: 3 });
});

test.each([
  ['other', ''],
  ['other', '2026/03/12 09:00:00 [error] 31#31: *1 open() failed, request: "GET /x HTTP/1.1", host: "a"'],
  ['other', '{"level":"info","ts":1773306000,"msg":"serving initial configuration"}'],
  ['other', '{"level":30,"time":1773306000000,"reqId":"1","req":{"method":"GET","url":"/"},"msg":"incoming request"}'],
  [
    'other',
    '{"time":1773306000000,"msg":"outgoing request","method":"GET","url":"http://api.internal/x","status":200}',
  ],
  ['other', '{"logger":"http.log.error","ts":1773306000,"request":{"method":"GET","uri":"/"},"status":502}'],
  ['other', '2026-03-12T09:00:00.1Z   <-- GET /a'],
  ['other', '2026-03-12 09:00:00.1 +00:00 [INF] Request starting HTTP/1.1 GET http://localhost:5000/a - - -'],
  ['other', '203.0.113.7 - - [12/Mar/2026 09:00:00] code 404, message File not found'],
  ['unknown', 'half a li'],
  ['broken', line('22/Xyz/2026:10:00:10 +0000')],
  ['broken', line('30/Feb/2026:10:00:10 +0000')],
  ['broken', line('22/Nov/2026:10:00:10 -1300')],
  ['broken', line('22/Nov/2026:10:00:10 +0000', '"GET /yt HTTP/1.1"')],
  ['broken', line('22/Nov/2026:10:00:10 +0000', '"GET /yt HT')],
])('as %s is left out: %j', (unread, text) => {
  expect(parse(text)).toMatchObject({ unread });
});

const json = (fields: object) => JSON.stringify(fields);
const q = '"GET /a?x=1 HTTP/1.1"';

test.each([
  ['two numbers before the request', `[12/Mar/2026:09:00:00 +0000] 200 512 ${q} "UA"`],
  ['a duration of three digits', '2026-03-12T09:00:00Z GET /a?x=1 150 200'],
  ['a status in the referrer', `2026-03-12T09:00:00Z ${q} "http://e.example/ 500 x" 200`],
  [
    'Squid',
    '1773306000.123 4 203.0.113.7 TCP_MISS/200 512 GET http://go.example.com/a?x=1 - HIER_DIRECT/203.0.113.2 -',
  ],
  ['cells with commas', '2026-03-12T09:00:00Z,203.0.113.7,GET,/a?x=1,200,512'],
  ['labelled cells', 'time:12/Mar/2026:09:00:00 +0000\tmethod:GET\turi:/a?x=1\tstatus:200'],
  ['colours around the request', `127.0.0.1 - - [12/Mar/2026 09:00:00] "${esc}[33mGET /a?x=1 HTTP/1.1${esc}[0m" 200 -`],
  ['a name for the zone', `Thu 2026-03-12 05:00:00 EDT web-1 uvicorn[1]: 127.0.0.1:5 - ${q} 200 OK`],
  ['a zone before a colon', '0|web  | 2026-03-12 10:00 +01:00: GET /a?x=1 200 4.1 ms - 5'],
  [
    'a clock whose zone only the collector knows',
    `2026-03-12T10:00:00.7+01:00 lb haproxy[1]: 203.0.113.7:3 [12/Mar/2026:10:00:00.655] in be/s 0/0/1/2/3 200 5 - - ---- 1/1/0/0/0 0/0 ${q}`,
  ],
  [
    'a time before the record',
    `2026/03/12 09:00:00.1\tINFO\t${json({ request: { method: 'GET', uri: '/a?x=1' }, status: 200 })}`,
  ],
  ['a time before pairs', 'I, [2026-03-12T09:00:00.1 #1]  INFO -- : method=GET path=/a?x=1 status=200'],
  [
    'names in another case',
    json({ Time: '2026-03-12T09:00:00Z', Method: 'get', Path: '/a?x=1', StatusCode: '200 OK' }),
  ],
  [
    'objects in the record',
    json({
      attributes: { timestamp: '2026-03-12T09:00:00Z', http: { method: 'GET', url: '/a?x=1', status_code: 200 } },
    }),
  ],
  [
    'an object as text, and a query apart',
    json({
      time: '2026-03-12T09:00:00Z',
      properties: json({ CsMethod: 'GET', CsUriStem: '/a', CsUriQuery: 'x=1', ScStatus: 200 }),
    }),
  ],
  [
    'the path of a log file beside',
    json({
      '@timestamp': '2026-03-12T09:00:00Z',
      log: { file: { path: '/var/log/a' } },
      http: { request: { method: 'GET' }, response: { status_code: 200 } },
      url: { original: '/a?x=1' },
    }),
  ],
  [
    'names with dots',
    json({
      '@timestamp': '2026-03-12T09:00:00Z',
      'error.code': 500,
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'url.path': '/a',
      'url.query': 'x=1',
    }),
  ],
  ['a name for the zone behind the clock', '2026-03-12 10:00:00 CET 203.0.113.7 GET /a?x=1 200'],
  [
    'no columns named in a part of a log of IIS',
    '2026-03-12 09:00:00 10.0.0.1 GET /a x=1 80 - 203.0.113.7 Mozilla/5.0+(X) - 200 0 0 12',
  ],
  [
    'no columns named in a part of a log of CloudFront',
    '2026-03-12\t09:00:00\tFRA56\t512\t203.0.113.7\tGET\tx.example\t/a\t200\t-\tMozilla/5.0%20(X)\tx=1\t-',
  ],
  [
    'bytes instead of a line',
    json({ MESSAGE: [...Buffer.from(`${plain.replace('/a', '/a?x=1')}`)], __REALTIME_TIMESTAMP: '1773306000000000' }),
  ],
])('time, request and status are found despite %s', (_, text) => {
  const { atMs, request, status } = parse(text) as { atMs: number; request: string; status: number };
  expect(new Date(atMs).toISOString().slice(0, 16)).toBe('2026-03-12T09:00');
  expect(request.replace('http://go.example.com', '').replace(' HTTP/1.1', '')).toBe('GET /a?x=1');
  expect(status).toBe(200);
});

test('a query in a column of its own belongs to the request', () => {
  expect(
    parse('#Fields: date time cs-method cs-uri-stem cs-uri-query sc-status', '2026-03-12 09:00:00 GET /a x=1 200'),
  ).toMatchObject({ request: 'GET /a?x=1' });
});

test('a request that Nginx Proxy Manager could not read is one', () => {
  const text = '[12/Mar/2026:09:00:00 +0000] - - 400 - - http localhost "-" [Client 203.0.113.7] [Length 154]';
  expect(parse(text)).toMatchObject({ format: 'nginx-proxy-manager', status: 400 });
});

test('a log without statuses has requests, and the lines of Rails about its work are none', () => {
  expect(parse('Started GET "/a?x=1" for 203.0.113.7 at 2026-03-12 10:00:00 +0100')).toEqual({
    atMs: Date.parse('2026-03-12T09:00:00Z'),
    zone: '+0100',
    format: 'text',
    request: 'GET /a?x=1',
  });
  expect(
    parse('[12/Mar/2026:09:00:00 +0000] 203.0.113.7 TLSv1.3 TLS_AES_256 "GET /a HTTP/1.1" 512'),
  ).not.toHaveProperty('status');
  for (const text of ['Completed 200 OK in 4ms (Views: 0.2ms)', '  Rendered items/show.html.erb (0.4ms)'])
    expect(parse(text)).toMatchObject({ unread: 'other' });
});
