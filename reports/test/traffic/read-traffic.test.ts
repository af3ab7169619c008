import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { UserError } from '../../../model/user-error.ts';
import { readTraffic } from '../../traffic/read-traffic.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'traffic-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(text: string): string {
  const path = join(folder, 'traffic');
  writeFileSync(path, text);
  return path;
}

const logLine = (time: string, rest = '"GET /yt HTTP/1.1" 302 0') => `203.0.113.9 - - [${time}] ${rest}`;
const combined = '"GET /a\\"b HTTP/1.1" 404 12 "https://example.com/" "Mozilla/5.0 (X11)"';

test('a log that was rotated is unpacked first', async () => {
  const path = join(folder, 'access.log.gz');
  writeFileSync(path, gzipSync(logLine('22/Nov/2026:01:00:00 +0100')));
  await expect(readTraffic(path)).rejects.toThrow(`${path} is compressed: unpack it first (gunzip --keep ${path})`);
});

test('traffic that no verdict should rest on says why', async () => {
  const lines = Array.from({ length: 100 }, (_, hour) => logLine(`22/Nov/2026:0${hour % 10}:00:00 +0000`));
  const doubt = async (text: string) => (await readTraffic(file(text))).doubt;
  expect(await doubt([...lines, ...Array(5).fill('garbage')].join('\n'))).toBeUndefined();
  expect(await doubt([...lines, ...Array(100).fill('garbage')].join('\n'))).toBe(
    '50 % of its lines could not be read, and their requests are missing',
  );
  expect(await doubt(logLine('22/Nov/2026:01:00:00 +0100'))).toBe('it covers 1 min, which says little of a day');
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
    expect(traffic.notes).toContain('times in the zone +0100: turned into UTC');
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
    const notes = traffic.notes.join('\n');
    expect(notes).toContain('2 lines of 6 could not be read (line 2, 5)');
    expect(notes).toContain('1 line out of order, by up to 20 s: sorted');
    expect(notes).toContain('zones +0000, +0200');
    expect(notes).toContain('2 gaps of 4 h 58 min in all');
    expect(notes).toContain('2026-11-22 10:01:00 UTC to 2026-11-22 11:30:00 UTC');
    expect(notes).toContain('the rest of the day is taken to be like it');
  });

  test('is told by its format even when it begins with rubbish', async () => {
    const traffic = await readTraffic(file(`rubbish\n${logLine('22/Nov/2026:10:00:30 +0000')}\n`));
    expect(traffic.notes.join()).toContain('1 line of 2 could not be read (line 1)');
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
    expect(traffic.notes[0]).toContain('2 hours missing (22, 23)');
  });

  test.each(['Z', 'z', '+00', ' +0000', '+00:00', ':00Z', ':00.000+00', ':00-00:00'])(
    'takes a zone like "%s"',
    async (zone) => {
      const text = `2026-11-22 09:00${zone},60\n2026-11-22 10:00${zone},120`;
      const traffic = await readTraffic(file(text));
      expect(traffic).toMatchObject({
        startHour: 9,
        peakPerS: 120 / 3600,
        notes: [expect.stringContaining('covers 2 h')],
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
    expect(traffic.notes.join('\n')).toContain('1 row out of order');
    expect(traffic.notes.join('\n')).toContain('1 gap of 1 min in all');
    expect(traffic.notes).toContain('times without a zone: taken as UTC');
    expect(traffic.notes).toContain('times in the zones Z, +01:00: turned into UTC');
  });

  test('whose times come twice has their sum, and says so', async () => {
    const rows = ['2026-11-22T00:00Z,60', '2026-11-22T00:01Z,60', '2026-11-22T00:01Z,30', '2026-11-22T00:02Z,60'];
    const traffic = await readTraffic(file(rows.join('\n')));
    expect(traffic.pieces.map(({ ratePerS }) => ratePerS)).toEqual([1, 1.5, 1]);
    expect(traffic.notes).toContain('1 row of a time that another row has too: the requests were added up');
    expect(traffic.notes.join()).not.toContain('zone');
  });

  test('of 24 numbers is a day', async () => {
    const traffic = await readTraffic(file(JSON.stringify(Array.from({ length: 24 }, () => 3600))));
    expect(traffic.peakPerS).toBe(1);
  });
});

describe('what is no traffic', () => {
  test.each([
    ['', 'is empty'],
    ['{"a":1}', 'is not a list'],
    ['[1, 2', 'is not JSON'],
    ['time,requests\n2026-11-22T00:00Z,abc\n', 'line 2: the number of requests'],
    ['time,requests\n', 'has a head and no row'],
    ['2026-11-22T00:00Z;"1,234"\n', 'without separators'],
    ['2026-11-22T00:00Z,-5\n', '-5 requests: a number of requests is not negative'],
    ['[1,\n 2', 'is not JSON'],
    ['time,requests\nyesterday,1\n', 'line 2: "yesterday" is no time'],
    ['1,1\n1,2\n', 'has the hour 1 twice'],
    ['2026-11-22T00:00Z,5\n', 'has one time alone'],
    ['1,1\n2026-11-22T00:00Z,5\n', 'mixes hours'],
    ['2026-11-22T00:00Z,0\n2026-11-22T01:00Z,0\n', 'holds no request'],
  ])('%j is refused', async (text, message) => {
    await expect(readTraffic(file(text))).rejects.toThrow(UserError);
    await expect(readTraffic(file(text))).rejects.toThrow(message);
  });

  test('nor is a file that is not there', async () => {
    await expect(readTraffic(join(folder, 'none'))).rejects.toThrow('there is no traffic file');
  });
});
