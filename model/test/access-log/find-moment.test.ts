// Dates as programs write them when nobody sets their format.
import { describe, expect, test } from '@jest/globals';
import { findMoment } from '../../access-log/find-moment.ts';
import { createLogParser } from '../../access-log/parse-line.ts';

const nowMs = Date.parse('2026-04-20T00:00:00Z');
const read = (lines: readonly string[], format?: string) => {
  const parse = createLogParser({ nowMs, format });
  return lines.map((line) => {
    const found = parse(line);
    return 'unread' in found ? found.unread : new Date(found.atMs).toISOString();
  });
};
const request = (time: string) => `203.0.113.7 - - [${time}] "GET /a HTTP/1.1" 302 512`;

test.each([
  ['12.03.2026 09:00:00', '2026-03-12T09:00:00.000Z'],
  ['12.3.26, 09:00:00', '2026-03-12T09:00:00.000Z'],
  ['12-Mar-2026 09:00:00.250', '2026-03-12T09:00:00.250Z'],
  ['12-Mar-2026:09:00:00 +0100', '2026-03-12T08:00:00.000Z'],
  ['Mar 12, 2026 9:00:00 PM', '2026-03-12T21:00:00.000Z'],
  ['Mar 12, 2026 12:00:00 AM', '2026-03-12T00:00:00.000Z'],
  ['Mar 12, 2026 @ 09:00:00.000', '2026-03-12T09:00:00.000Z'],
  ['20260312T090000Z', '2026-03-12T09:00:00.000Z'],
  ['20260312090000', '2026-03-12T09:00:00.000Z'],
  ['2026-03-12 1:00:00 PM', '2026-03-12T13:00:00.000Z'],
  ['2026-03-12 12:30 am', '2026-03-12T00:30:00.000Z'],
  ['2026.3.12 09:00:00', '2026-03-12T09:00:00.000Z'],
  ['12 March 2026 09:00:00', '2026-03-12T09:00:00.000Z'],
  ['March 12, 2026 09:00:00', '2026-03-12T09:00:00.000Z'],
  ['20260312 09:00:00,125', '2026-03-12T09:00:00.125Z'],
])('%s is %s', (text, at) => {
  expect(findMoment(`a ${text} b`)).toEqual({ atMs: Date.parse(at), zone: expect.any(String) });
});

test.each(['31.04.2026 09:00:00', '31-Apr-2026 09:00:00', 'Feb 30, 2026 09:00:00', '20260431T090000Z'])(
  '%s does not exist',
  (text) => {
    expect(findMoment(text)).toBe('impossible');
  },
);

test.each(['10.0.0.12 09:00:00', 'build 20261331T090000Z', 'v1.2.3.26 09:00:00'])('%s is no time', (text) => {
  expect(findMoment(text)).toBeUndefined();
});

describe('a date of numbers', () => {
  test.each([
    ['day', ['13/03/2026:09:00:00 +0000', '01/04/2026:09:00:00 +0000']],
    ['day', ['13-03-2026 09:00:00', '01-04-2026 09:00:00']],
    ['month', ['3/13/2026 9:00:00 AM', '4/1/2026 9:00:00 AM']],
  ])('has the %s first where one before it shows that', (_, times) => {
    expect(read(times.map(request))).toEqual(['2026-03-13T09:00:00.000Z', '2026-04-01T09:00:00.000Z']);
  });

  test('can be two until then, unless it is the same in both orders', () => {
    expect(read(['12/03/2026 09:00:00', '03/03/2026 09:00:00', '26/03/12 09:00:00'].map(request))).toEqual([
      'two-dates',
      '2026-03-03T09:00:00.000Z',
      'two-dates',
    ]);
  });

  test('that does not exist in the order of its log is broken', () => {
    expect(read(['13/03/2026 09:00:00', '03/13/2026 09:00:00'].map(request))).toEqual([
      '2026-03-13T09:00:00.000Z',
      'broken',
    ]);
  });

  test('is found in a record, too', () => {
    const record = (time: string) => JSON.stringify({ time, method: 'GET', path: '/a', status: 200 });
    expect(read(['13/03/2026 09:00:00', '01/04/2026 09:00:00'].map(record))).toEqual([
      '2026-03-13T09:00:00.000Z',
      '2026-04-01T09:00:00.000Z',
    ]);
    expect(read([record('12/03/2026 09:00:00')])).toEqual(['two-dates']);
  });

  test('in the request is not its time', () => {
    expect(read(['203.0.113.7 "GET /a?to=13/03/2026:09:00:00 HTTP/1.1" 302 512'])).toEqual(['undated']);
  });

  test('gives way to the time of a collector', () => {
    expect(read([`2026-03-12T09:00:01.5Z stdout F ${request('12/03/2026 09:00:00')}`])).toEqual([
      '2026-03-12T09:00:01.500Z',
    ]);
  });

  test.each([
    ['%d/%m/%Y:%T %z', '12/03/2026:09:00:00 +0000'],
    ['%m/%d/%Y:%T %z', '03/12/2026:09:00:00 +0000'],
    ['%y/%m/%d %T', '26/03/12 09:00:00'],
    ['%d-%m-%y %T', '12-03-26 09:00:00'],
  ])('has the order of the given format %s', (order, time) => {
    expect(read([request(time)], `%h - - [%{${order}}t] "%r" %>s %b`)).toEqual(['2026-03-12T09:00:00.000Z']);
  });
});
