import { expect, test } from '@jest/globals';
import { parseLogLine } from '../../access-log/parse-line.ts';

const line = (time: string, rest = '"GET /yt HTTP/1.1" 302 0') => `203.0.113.9 - - [${time}] ${rest}`;
const at = (iso: string) => Date.parse(iso);

test('a line gives its time in UTC, and the zone in which it was written', () => {
  expect(parseLogLine(line('22/Nov/2026:01:00:59 +0100'))).toEqual({ atMs: at('2026-11-22T00:00:59Z'), zone: '+0100' });
  expect(parseLogLine(line('22/Nov/2026:01:00:00 -0330'))).toEqual({ atMs: at('2026-11-22T04:30:00Z'), zone: '-0330' });
});

test.each([
  '"GET /a\\"b HTTP/1.1" 404 12 "https://example.com/" "Mozilla/5.0 (X11)"',
  '"-" 400 -',
  '"GET / HTTP/1.1" 200 5 "-" "curl"',
])('a line that ends in %s is read', (rest) => {
  expect(parseLogLine(line('22/Nov/2026:01:00:00 +0000', rest))?.zone).toBe('+0000');
});

test.each([
  '',
  'half a li',
  line('22/Xyz/2026:10:00:10 +0000'),
  line('2026-11-22T10:00:10Z'),
  line('22/Nov/2026:10:00:10 +0000', '"GET /yt HTTP/1.1"'),
])('%j is not a line of an access log', (text) => {
  expect(parseLogLine(text)).toBeUndefined();
});
