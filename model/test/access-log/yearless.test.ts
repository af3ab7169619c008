// Times without a year: the year that all lines of a log have in common.
import { expect, test } from '@jest/globals';
import { createYearless, yearsBefore } from '../../access-log/yearless.ts';

/** The days as they are known after the last: earlier ones are set back when it shows that they were too late. */
function read(now: string, ...days: readonly string[]): string[] {
  const yearless = createYearless(Date.parse(now));
  let found: number[] = [];
  for (const each of days) {
    const [month = '', day = '', clock = '10:00:00'] = each.split(/ +/);
    const moment = yearless.read(month, day, clock);
    const late = yearless.takeYearsLate();
    found = [...found.map((ms) => yearsBefore(ms, late)), ...(moment ? [moment.atMs] : [])];
  }
  return found.map((ms) => new Date(ms).toISOString().slice(0, 10));
}

const now = '2026-11-28T12:00:00Z';

test.each([
  ['are of this year', ['Mar 12', 'Mar 13'], ['2026-03-12', '2026-03-13']],
  ['pass the end of a year', ['Dec 31', 'Jan  1'], ['2025-12-31', '2026-01-01']],
  [
    'pass the day after tomorrow, so they are of last year',
    ['Nov 27', 'Nov 29', 'Nov 30'],
    ['2025-11-27', '2025-11-29', '2025-11-30'],
  ],
  ['pass a leap day', ['Feb 28', 'Feb 29', 'Mar  1'], ['2024-02-28', '2024-02-29', '2024-03-01']],
  ['begin with a leap day', ['Feb 29', 'Mar  1', 'Jan  1'], ['2024-02-29', '2024-03-01', '2024-01-01']],
  [
    'pass a leap day and the end of the year',
    ['Feb 29', 'Aug 1', 'Dec 31', 'Jan  1'],
    ['2024-02-29', '2024-08-01', '2024-12-31', '2025-01-01'],
  ],
  ['are out of order at the end of a year', ['Jan  1 00:00:00', 'Dec 31 23:59:59'], ['2026-01-01', '2025-12-31']],
  ['have a day that does not exist', ['Feb 30', 'Mar  1', 'Mar 1 24:00:00'], ['2026-03-01']],
])('times that %s', (_, days, wanted) => {
  expect(read(now, ...days)).toEqual(wanted);
});

test('a leap day and days to come are of an earlier leap year', () => {
  expect(read('2024-06-01T00:00:00Z', 'Feb 29', 'May 1', 'Jul 1')).toEqual(['2020-02-29', '2020-05-01', '2020-07-01']);
});
