import { expect, test } from '@jest/globals';
import { isoTime } from '../iso-time.ts';

test.each([
  ['2026-01-31T12:00:00Z', Date.UTC(2026, 0, 31, 12)],
  ['2026-01-31T12:00:00.250Z', Date.UTC(2026, 0, 31, 12, 0, 0, 250)],
  ['2026-01-31T12:00+02:00', Date.UTC(2026, 0, 31, 10)],
  ['2028-02-29', Date.UTC(2028, 1, 29)],
])('%s is a time', (text, ms) => {
  expect(isoTime(text)).toBe(ms);
});

test.each([
  '2026-02-30T09:00:00Z',
  '2026-02-29',
  '2026-13-01',
  '2026-01-31T25:00:00Z',
  '2026-01-31T12:00:00',
  '2026-01-31 12:00:00Z',
  'yesterday',
  '5',
  '',
])('%s is none', (text) => {
  expect(isoTime(text)).toBeNaN();
});
