import { describe, expect, test } from '@jest/globals';
import { UserError } from '../../../model/user-error.ts';
import { textOf } from '../../messages/text-of.ts';
import { createTrafficReader } from '../../traffic/read-traffic.ts';
import type { Traffic } from '../../traffic/traffic.ts';

const nowMs = Date.parse('2026-11-25T00:00:00Z');

/** Reads a text as the bytes of a file. */
async function readTraffic(text: string): Promise<Traffic> {
  const reader = createTrafficReader({ nowMs });
  reader.begin('traffic');
  reader.add(Buffer.from(text));
  reader.end();
  return reader.finish();
}
const file = (text: string) => text;

const notesOf = ({ notes }: Traffic) => notes.map(textOf).join('\n');
const logLine = (time: string, rest = '"GET /yt HTTP/1.1" 302 0') => `203.0.113.9 - - [${time}] ${rest}`;
const combined = '"GET /a\\"b HTTP/1.1" 404 12 "https://example.com/" "Mozilla/5.0 (X11)"';

test('traffic that no verdict should rest on says why', async () => {
  const lines = Array.from({ length: 100 }, (_, hour) => logLine(`22/Nov/2026:0${hour % 10}:00:00 +0000`));
  const caveat = async (text: string) => (await readTraffic(text)).caveat;
  expect(await caveat([...lines, ...Array(5).fill('garbage')].join('\n'))).toBeUndefined();
  expect(await caveat([...lines, ...Array(100).fill('garbage')].join('\n'))).toEqual({
    code: 'log-mostly-unreadable',
    percent: 50,
  });
  expect(await caveat(logLine('22/Nov/2026:01:00:00 +0100'))).toEqual({
    code: 'traffic-too-short',
    durationS: expect.closeTo(60, 6),
  });
});

describe('an access log', () => {
  test('becomes requests a minute, in UTC, whatever its zone', async () => {
    const lines = [
      logLine('22/Nov/2026:01:00:00 +0100'),
      logLine('22/Nov/2026:01:00:59 +0100', combined),
      logLine('22/Nov/2026:01:02:00 +0100'),
    ];
    const traffic = await readTraffic(file(lines.join('\n')));
    expect(traffic.startHour).toBe(0);
    expect(traffic.pieces.map(({ ratePerS }) => Math.round(ratePerS * 60))).toEqual([2, 0, 1]);
    expect(traffic.peakPerS).toBeCloseTo(2 / 60, 9);
    expect(traffic.requestsPerDay).toBeCloseTo(1440, 6);
    expect(traffic.notes).toContainEqual({ code: 'zones-converted', zones: ['+0100'] });
  });

  test('counts and names what is odd in it', async () => {
    const lines = [
      logLine('22/Nov/2026:10:00:30 +0000'),
      'half a li',
      logLine('22/Nov/2026:10:00:10 +0000'),
      logLine('22/Nov/2026:13:30:00 +0200'),
      logLine('22/Xyz/2026:10:00:10 +0000'),
      logLine('22/Nov/2026:15:00:00 +0000'),
      '',
    ];
    const traffic = await readTraffic(file(lines.join('\n')));
    const notes = notesOf(traffic);
    expect(notes).toContain('2 of 6 lines could not be parsed (line 2, 5)');
    expect(notes).toContain('1 line out of order, by up to 20 s: sorted by time');
    expect(notes).toContain('times in time zones +0000, +0200: converted to UTC');
    expect(notes).toContain('2 gaps, 4 h 58 min in total: filled with the mean rate');
    expect(notes).toContain('2026-11-22 10:01:00 UTC to 2026-11-22 11:30:00 UTC');
    expect(notes).toContain('the rest of the day is assumed to be the same');
  });

  test('without years is of the leap year that it shows, over all its files', () => {
    const reader = createTrafficReader({ nowMs });
    const line = (time: string) => `${time} web app[3]: GET /a 200 3ms\n`;
    for (const lines of [['Feb 28 23:00:00'], ['Feb 29 00:30:00', 'Mar  1 00:30:00']]) {
      reader.begin('syslog');
      reader.add(Buffer.from(lines.map(line).join('')));
      reader.end();
    }
    const { notes, pieces } = reader.finish();
    expect(notes).toContainEqual(
      expect.objectContaining({ from: '2024-02-28T23:00:00.000Z', to: '2024-03-01T00:30:00.000Z' }),
    );
    expect(pieces.reduce((sum, { hours }) => sum + hours, 0)).toBeCloseTo(25.5 + 1 / 60, 9);
  });

  test('says that the name of its zone has several meanings', async () => {
    const lines = [9, 10, 11].map((hour) => `2026-11-22 ${hour}:00:00 IST 203.0.113.9 GET /a 200`);
    expect(notesOf(await readTraffic(lines.join('\n').replace(' 9:', ' 09:')))).toContain(
      'times in time zone IST, a name of several zones: read as UTC. Log numbers like +0100',
    );
  });

  test('of an app says how many of its requests the app may have sent itself', async () => {
    const record = (url: string, more: object = {}) =>
      JSON.stringify({ time: '2026-11-22T10:00:00Z', msg: 'done', method: 'GET', url, status: 200, ...more });
    const served = [record('/a'), record('https://shop.example/a', { remoteIp: '203.0.113.9' })];
    const sent = record('http://api.internal/x');
    expect(notesOf(await readTraffic([...served, sent, sent].join('\n')))).toContain(
      '2 requests with a whole URL and no client: counted. If the app sent them to others, remove these lines',
    );
    expect(notesOf(await readTraffic(served.join('\n')))).not.toContain('whole URL');
    expect(notesOf(await readTraffic(`${sent}\n${sent}`))).not.toContain('whole URL');
  });

  test('is recognized by its format even when it begins with other lines', async () => {
    const traffic = await readTraffic(file(`rubbish\n${logLine('22/Nov/2026:10:00:30 +0000')}\n`));
    expect(notesOf(traffic)).toContain('1 of 2 lines could not be parsed (line 1)');
  });
});

describe('a table', () => {
  test('of hours of the day is that day', async () => {
    const csv = ['hour,requests', ...Array.from({ length: 24 }, (_, hour) => `${hour},${hour * 3600}`)].join('\n');
    const traffic = await readTraffic(file(csv));
    expect(traffic.pieces).toHaveLength(24);
    expect(traffic.pieces[23]?.ratePerS).toBeCloseTo(23, 9);
    expect(traffic.requestsPerDay).toBeCloseTo(276 * 3600, 3);
    expect(traffic.notes).toEqual([]);
  });

  test('names the hours that are missing and fills them with the mean', async () => {
    const csv = Array.from({ length: 22 }, (_, hour) => `${hour}:00,3600`).join('\n');
    const traffic = await readTraffic(file(csv));
    expect(traffic.pieces[23]?.ratePerS).toBeCloseTo(1, 9);
    expect(traffic.notes).toEqual([{ code: 'hours-filled', hours: [22, 23] }]);
  });

  test.each(['Z', 'z', '+00', ' +0000', '+00:00', ':00Z', ':00.000+00', ':00-00:00'])(
    'takes a zone like "%s"',
    async (zone) => {
      const text = `2026-11-22 09:00${zone},60\n2026-11-22 10:00${zone},120`;
      const traffic = await readTraffic(text);
      expect(traffic).toMatchObject({
        startHour: 9,
        peakPerS: 120 / 3600,
        notes: [{ code: 'part-of-day', hours: 2 }],
      });
      const east = await readTraffic(file(text.replaceAll(zone, zone.replace(/\s?(Z|z|[+-]0.*)$/, '+05'))));
      expect(east.startHour).toBe(4);
    },
  );

  test('of minutes with zones, out of order and with a gap, is put right and said', async () => {
    const traffic = await readTraffic(
      file(
        JSON.stringify([
          { at: '2026-11-22T00:01:00Z', requests: 60 },
          { at: '2026-11-22T01:00:00+01:00', requests: 120 },
          { at: '2026-11-22T00:02', requests: 60 },
          { at: '2026-11-22 00:04:00', requests: 240 },
        ]),
      ),
    );
    expect(traffic.pieces.map(({ ratePerS }) => ratePerS)).toEqual([2, 1, 1, 2, 4]);
    expect(notesOf(traffic).split('\n').slice(0, 4)).toEqual([
      '1 row out of order: sorted by time',
      'times without a time zone: read as UTC',
      'times in time zones Z, +01:00: converted to UTC',
      expect.stringMatching(/^1 gap, 1 min in total: filled with the mean rate/),
    ]);
  });

  test('whose times come twice has their sum, and says so', async () => {
    const rows = ['2026-11-22T00:00Z,60', '2026-11-22T00:01Z,60', '2026-11-22T00:01Z,30', '2026-11-22T00:02Z,60'];
    const traffic = await readTraffic(file(rows.join('\n')));
    expect(traffic.pieces.map(({ ratePerS }) => ratePerS)).toEqual([1, 1.5, 1]);
    expect(traffic.notes.map(({ code }) => code)).toEqual(['rows-merged', 'part-of-day']);
  });

  test('of 24 numbers is a day', async () => {
    const traffic = await readTraffic(file(JSON.stringify(Array.from({ length: 24 }, () => 3600))));
    expect(traffic.peakPerS).toBe(1);
  });
});

describe('a file without usable traffic', () => {
  test.each([
    ['', 'is empty'],
    ['{"a":1}', 'is not a list'],
    ['[1, 2', 'is not valid JSON'],
    ['time,requests\n2026-11-22T00:00Z,abc\n', 'line 2: the number of requests'],
    ['time,requests\n', 'has a header but no rows'],
    ['2026-11-22T00:00Z;"1,234"\n', 'can be 1234 (with a thousands separator) or 1.234 (with a decimal sign)'],
    ['2026-11-22T00:00Z,-5\n', 'the number of requests is negative (-5)'],
    ['[1,\n 2', 'is not valid JSON'],
    ['time,requests\nyesterday,1\n', 'line 2: "yesterday" is not a time'],
    ['1,1\n1,2\n', 'has hour 1 twice'],
    ['2026-11-22T00:00Z,5\n', 'has a single time'],
    ['1,1\n2026-11-22T00:00Z,5\n', 'mixes hours'],
    ['2026-11-22T00:00Z,0\n2026-11-22T01:00Z,0\n', 'contains no requests'],
  ])('%j is refused', async (text, message) => {
    await expect(readTraffic(text)).rejects.toThrow(UserError);
    await expect(readTraffic(text)).rejects.toThrow(message);
  });
});
