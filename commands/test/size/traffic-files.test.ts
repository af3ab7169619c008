import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import { textOf } from '../../../reports/messages/text-of.ts';
import type { Traffic } from '../../../reports/traffic/traffic.ts';
import { chooseTraffic } from '../../size/traffic-flags.ts';

const folder = mkdtempSync(join(tmpdir(), 'logs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const given = (name: string) => fileURLToPath(new URL(`logs/${name}`, import.meta.url));
const read = async (traffic: string | readonly string[], more: { logFormat?: string; stdin?: Readable } = {}) => {
  const { stdin = Readable.from([]), ...flags } = more;
  return (await chooseTraffic(
    { traffic: [traffic].flat(), ...flags },
    { stdin, signal: new AbortController().signal },
  )) as Traffic;
};
const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const requestsOf = ({ notes }: Traffic) =>
  notes.find(({ code }) => code === 'log-read') as unknown as Record<string, unknown>;
const hour = (name: string) => ({ name, requests: 3, from: '2026-03-12T09:00:00', to: '2026-03-12T10:00:00' });

describe('a log of the kind that people have', () => {
  test.each([
    ...'A01.log A02.log A04.log A06c.log A11a.ndjson A11b.ndjson A11c.ndjson A11d.ndjson A13a.log A13b.log A14a.tsv A15.log A23.log'
      .split(' ')
      .map(hour),
    { name: 'A06e.log', requests: 3, from: '2026-03-02T09:00:00', to: '2026-03-02T10:00:00' },
    { name: 'A06f.log', requests: 6, from: '2026-02-28T09:00:00', to: '2026-03-01T10:00:00' },
    { name: 'A27.log', requests: 3, from: '2026-03-12T02:00:00', to: '2026-03-12T03:00:00' },
    { name: 'A28.log', requests: 6, from: '2026-03-12T09:00:00', to: '2026-03-12T10:00:00' },
    { name: 'A17.log.gz', requests: 3600, from: '2026-03-12T09:00:00', to: '2026-03-12T11:59:57' },
    ...['A18a.xz', 'A18b.bz2', 'A18c.zip'].map((name) => ({
      name,
      requests: 360,
      from: '2026-03-12T09:00:00',
      to: '2026-03-12T14:59:00',
    })),
  ])('$name has $requests requests', async ({ name, requests, from, to }) => {
    const found = requestsOf(await read(given(name)));
    expect(found).toMatchObject({
      requests,
      from: expect.stringContaining(from),
      to: expect.stringContaining(to),
    });
  });

  test('that only begins like zstd is refused in a sentence', async () => {
    await expect(read(given('A18d.zst'))).rejects.toThrow(/is compressed \(zstd\).* unzstd --keep/);
  });

  test('whose dates can be two is refused with what would tell', async () => {
    const line = (clock: string) => `203.0.113.7 - - [12/03/2026:${clock} +0000] "GET /a HTTP/1.1" 302 5\n`;
    const log = file('numbers.log', line('09:00:00') + line('10:00:00'));
    await expect(read(log)).rejects.toThrow(
      /none of 2 lines has a date that can be read in one way only.*--log-format/,
    );
    const table = file('numbers.csv', 'time;method;path;status\n12/03/2026 09:00:00;GET;/a;200\n');
    await expect(read(table)).rejects.toThrow('the first is line 2: "12/03/2026 09:00:00;GET;/a;200"');
    const found = await read(log, { logFormat: '%h - - [%{%d/%m/%Y:%T %z}t] "%r" %>s %b' });
    expect(requestsOf(found)).toMatchObject({ requests: 2, from: '2026-03-12T09:00:00.000Z' });
  });

  test('and is read from a pipe without loss', async () => {
    const bytes = gunzipSync(readFileSync(given('A17.log.gz')));
    const chunks = Array.from({ length: Math.ceil(bytes.length / 777) }, (_, index) =>
      bytes.subarray(index * 777, (index + 1) * 777),
    );
    for (const name of ['-', '/dev/stdin']) {
      const traffic = await read(name, { stdin: Readable.from(chunks) });
      expect(requestsOf(traffic)).toMatchObject({ requests: 3600, formats: ['common'] });
    }
  });
});

describe('a table', () => {
  test('with dots for thousands, as German programs write it', async () => {
    expect((await read(given('A24b.csv'))).requestsPerDay).toBeCloseTo(116_892, 3);
  });

  test('whose counts can be two is refused with both', async () => {
    await expect(read(given('A24b2.csv'))).rejects.toThrow(
      '"1,000" can be 1000 (with a thousands separator) or 1 (with a decimal sign)',
    );
  });

  test('of ranges has no zone', async () => {
    const { pieces, startHour, notes } = await read(given('A25e.csv'));
    expect({ startHour, pieces }).toEqual({ startHour: 9, pieces: Array(4).fill({ hours: 1, ratePerS: 1200 / 3600 }) });
    expect(notes.map(({ code }) => code)).toEqual(['times-assumed-utc', 'part-of-day']);
  });

  test('with a day that does not exist is refused', async () => {
    await expect(read(given('X-feb30.csv'))).rejects.toThrow('line 2: "2026-02-29 09:00" is not a time that exists');
  });

  test.each([
    ['hours.csv', 'hour;requests\n0;0,500\n1;1,250\n', 'is a fraction'],
    ['hex.csv', 'hour,requests\n0,0x10\n1,5\n', 'is not a plain number'],
    ['zone.csv', 'time,requests\n2026-03-12T09:00-13:00,5\n2026-03-12T10:00-13:00,5\n', 'is not a time that exists'],
    ['month.csv', 'time,requests\n2026-13-01 09:00,5\n2026-13-01 10:00,5\n', 'is not a time that exists'],
    ['months.csv', 'time,requests\n13.13.2026 09:00,5\n13.13.2026 10:00,5\n', 'is not a time that exists'],
    ['clock.csv', 'time,requests\n2026-03-12 99:99,5\n2026-03-12 10:00,5\n', 'is not a time that exists'],
    [
      'which.csv',
      'time,errors,hits,calls\n2026-03-12 09:00,1,2,3\n',
      'which column has the number of requests (errors, hits, calls)?',
    ],
    [
      'rate.csv',
      'time,requests/s\n2026-03-12 09:00,1\n2026-03-12 10:00,1\n',
      'the column "requests/s" has requests in 1 s, and its rows are 1 h apart',
    ],
    ['thousands.csv', 'hour;Anfragen (Tsd.)\n0;5\n1;7\n', 'which column has the number of requests (Anfragen (Tsd.))?'],
    ['megabytes.csv', 'hour,MB\n0,5\n1,7\n', 'which column has the number of requests (MB)?'],
    [
      'counter.csv',
      'time,http_requests_total\n2026-03-12 09:00,5\n2026-03-12 10:00,7\n2026-03-12 11:00,9\n',
      'grows from row to row like a counter',
    ],
    ['days.csv', 'date,requests\n2026-03-12,5\n2026-03-13,7\n', 'its rows are 24 h apart, which hides the busy hours'],
    ['clock.csv', 'time,requests\n00:00,5\n00:30,7\n', '"00:30" has no date: write it like 2026-01-31T09:30'],
    ['wide.csv', 'hour,requests\n0,1,009\n1,950\n', 'line 2 has 3 columns, and the first line 2'],
    ['terminal.csv', 'time,requests\n\u001b[2Jx,1\n', '"\\u{1b}[2Jx" is not a time'],
  ])('%s is refused', async (name, text, message) => {
    await expect(read(file(name, text))).rejects.toThrow(message);
  });

  test.each([
    ['stamp.csv', 'dateHour,requests\n2026031209,5\n2026031210,7\n'],
    ['apart.csv', 'date,hour,requests\n12.03.2026,9,5\n12.03.2026,10,7\n'],
    ['hourly.csv', 'time,requests per hour\n2026-03-12 09:00,5\n2026-03-12 10:00,7\n'],
    ['sums.csv', 'Timestamp,Sum,Unit\n2026-03-12T09:00:00Z,5,Count\n2026-03-12T10:00:00Z,7,Count\n'],
    [
      'datapoints.json',
      '{"Label":"RequestCount","Datapoints":[{"Timestamp":"2026-03-12T09:00:00+00:00","Sum":5.0,"Unit":"Count"},{"Timestamp":"2026-03-12T10:00:00+00:00","Sum":7.0,"Unit":"Count"}]}',
    ],
  ])('%s has 12 requests in two hours from 9', async (name, text) => {
    const { pieces, startHour } = await read(file(name, text));
    expect(startHour).toBe(9);
    expect(pieces.map(({ hours, ratePerS }) => Math.round(hours * ratePerS * 3600))).toEqual([5, 7]);
  });

  const point = (clock: string, Sum: number, Unit = 'Count') => ({
    Timestamp: `2026-03-12T${clock}:00+00:00`,
    Sum,
    Unit,
  });
  const statistics = (Label: string, ...Datapoints: object[]) => JSON.stringify({ Label, Datapoints });
  const data = (...MetricDataResults: object[]) => JSON.stringify({ MetricDataResults });
  const Timestamps = ['2026-03-12T10:00:00+00:00', '2026-03-12T09:00:00+00:00'];
  test.each([
    [
      '5xx.json',
      statistics('HTTPCode_Target_5XX_Count', point('09:00', 5), point('10:00', 7)),
      'has HTTPCode_Target_5XX_Count, not the number of all requests. Export RequestCount',
    ],
    [
      'bytes.json',
      statistics('ProcessedBytes', point('09:00', 5), point('10:00', 7)),
      'has ProcessedBytes, not the number of all requests',
    ],
    [
      'unit.json',
      statistics('RequestCount', point('09:00', 5, 'Count/Second')),
      'Datapoints[0] has the unit Count/Second, not Count',
    ],
    [
      'average.json',
      statistics('RequestCount', { Timestamp: Timestamps[0], Average: 1 }),
      'has no Sum of RequestCount. Add --statistics Sum',
    ],
    ['none.json', statistics('RequestCount'), 'has no values of RequestCount'],
    ['unit.csv', 'Timestamp,Sum,Unit\n2026-03-12T09:00:00Z,5,Bytes\n', 'has the unit Bytes, not Count'],
    [
      'latency.json',
      data({ Id: 'm1', Label: 'TargetResponseTime', Timestamps, Values: [1, 2] }),
      'has TargetResponseTime, not',
    ],
    [
      'two.json',
      data(...['a', 'b'].map((Id) => ({ Id, Label: `${Id} RequestCount`, Timestamps, Values: [1, 2] }))),
      'has the requests of several (a RequestCount, b RequestCount). Export one',
    ],
    [
      'console-average.csv',
      'Full label,RequestCount\nLabel,web\nStatistic,Average\nPeriod,60\n2026/03/12 09:00:00,1\n',
      'has the Average of RequestCount',
    ],
  ])('%s of CloudWatch is not all requests, and is refused', async (name, text, message) => {
    await expect(read(file(name, text))).rejects.toThrow(message);
  });

  test.each([
    ['data.json', data({ Id: 'm1', Label: 'RequestCount', Timestamps, Values: [7, 5] })],
    [
      'console.csv',
      'Full label,RequestCount\r\nLabel,web\r\nStatistic,Sum\r\nPeriod,3600\r\n"2026/03/12 09:00:00",5\r\n"2026/03/12 10:00:00",7\r\n',
    ],
  ])('%s of CloudWatch has 12 requests in two hours from 9', async (name, text) => {
    const { pieces, startHour } = await read(file(name, text));
    expect(startHour).toBe(9);
    expect(pieces.map(({ hours, ratePerS }) => Math.round(hours * ratePerS * 3600))).toEqual([5, 7]);
  });

  test('of CloudWatch has no datapoint for a minute without requests: a gap is zero, and is said', async () => {
    const points = [
      ['09:00', 60],
      ['09:02', 60],
      ['12:00', 60],
    ].map(([clock, sum]) => point(String(clock), Number(sum)));
    const { pieces, notes } = await read(file('quiet.json', statistics('RequestCount', ...points)));
    expect(pieces.map(({ ratePerS }) => ratePerS)).toEqual([0.5, 0.5, 0, 0.5]);
    expect(notes.map(textOf).join()).toContain('1 gap, 2 h 56 min in total: read as no requests, because CloudWatch');
  });

  test('keeps a zone that all rows have, and reads separate days, clocks and counts with groups', async () => {
    const zoned = 'time,requests\n2026-03-12T09:00-10:00,5\n2026-03-12T10:00-10:00,5\n';
    expect((await read(file('west.csv', zoned))).startHour).toBe(19);
    const parts = 'date;time;errors;requests\n12.03.2026;09:00;1;1.234.567\n12.03.2026;10:00;1;987\n';
    expect((await read(file('parts.csv', parts))).pieces.map(({ ratePerS }) => Math.round(ratePerS * 3600))).toEqual([
      1_234_567, 987,
    ]);
  });
});

const clf = (time: string, more = '') => `203.0.113.7 - - [${time}] "GET /a HTTP/1.1" 200 5${more}`;

test('several files are read in the order in which they were written, each once', async () => {
  file('rotated.log', clf('12/Mar/2026:11:00:00 +0000'));
  file('rotated.log.1', clf('12/Mar/2026:10:00:00 +0000'));
  file('rotated.log.10.gz', gzipSync(clf('12/Mar/2026:09:00:00 +0000')));
  const traffic = await read([join(folder, 'rotated.log*'), join(folder, 'rotated.log')]);
  expect(requestsOf(traffic).requests).toBe(3);
  expect(traffic.notes.map(({ code }) => code)).not.toContain('log-lines-out-of-order');
  file('rotated.log.10', clf('12/Mar/2026:09:00:00 +0000'));
  await expect(read(join(folder, 'rotated.log*'))).rejects.toThrow('are the same log twice');
});

test('a log after a hundred other lines, with holes and broken lines, says what it left out', async () => {
  const lines = [
    ...Array(100).fill('starting ...'),
    ...Array(60)
      .fill(0)
      .map((_, minute) => clf(`12/Mar/2026:09:${String(minute).padStart(2, '0')}:00 +0000`)),
    clf('30/Feb/2026:09:00:00 +0000'),
    `${'\0'.repeat(5000)}${clf('12/Mar/2026:10:00:00 +0000')}`,
  ];
  for (const end of ['\n', '\r\n', '\r']) {
    const traffic = await read(file('late.log', lines.join(end)));
    expect(requestsOf(traffic).requests).toBe(61);
    expect(traffic.caveat).toBeUndefined();
    expect(traffic.notes.map(textOf)).toContain(
      '101 of 162 lines could not be parsed (line 1, 2, 3 ...), the first is "starting ..."',
    );
  }
});

test.each([
  [
    'jq.json',
    [9, 10]
      .map((hour) =>
        JSON.stringify(
          { time: `2026-03-12T${hour}:00:00Z`.replace('T9', 'T09'), method: 'GET', path: '/a', status: 200 },
          null,
          2,
        ),
      )
      .join('\n'),
  ],
  [
    'events.json',
    JSON.stringify(
      {
        events: [9, 10].map((hour) => ({
          timestamp: Date.UTC(2026, 2, 12, hour),
          message: clf('12/Mar/2026:09:00:00 +0000').replace(':09:', hour === 9 ? ':09:' : ':10:'),
        })),
        searchedLogStreams: [],
      },
      null,
      2,
    ),
  ],
])('the records of the document %s are requests', async (name, text) => {
  expect(requestsOf(await read(file(name, text)))).toMatchObject({
    requests: 2,
    from: '2026-03-12T09:00:00.000Z',
    to: '2026-03-12T10:00:00.000Z',
  });
});

test('a log in no known format is refused with its first line, and read by its format string', async () => {
  const path = file('own.log', '2026-03-12T09:00:00+00:00;a\u001b;200\n2026-03-12T09:30:00+00:00;b;200\n');
  await expect(read(path)).rejects.toThrow();
  const own = file('own2.log', 'x 200 <12/Mar/2026:09:00:00 +0000>\nx 200 <12/Mar/2026:10:00:00 +0000>\n');
  await expect(read(own)).rejects.toThrow(
    'none of 2 lines could be read as a request, the first is line 1: "x 200 <12/Mar/2026:09:00:00 +0000>"',
  );
  const traffic = await read(own, { logFormat: '$host $status <$time_local>' });
  expect(requestsOf(traffic)).toMatchObject({ requests: 2, formats: ['given'] });
  await expect(read(own, { logFormat: '$host $status' })).rejects.toThrow('--log-format needs $time_local');
});
