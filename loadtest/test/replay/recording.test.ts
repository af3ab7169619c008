import { expect, test } from '@jest/globals';
import type { LogLine } from '../../../model/access-log/log-line.ts';
import { createRecorder, requestAt } from '../../replay/recorder.ts';
import { sampleSchedule, scheduleReplay } from '../../replay/schedule.ts';
import { selectRequests } from '../../replay/select-requests.ts';

const day = Date.parse('2026-03-12T00:00:00Z');
const line = (atS: number, request: string, status = 200): LogLine => ({
  atMs: day + atS * 1000,
  zone: '+0100',
  format: 'combined',
  request,
  status,
});

function recorded(lines: readonly LogLine[], range = {}) {
  const recorder = createRecorder({ methods: new Set(['GET', 'HEAD']), range });
  for (const each of lines) recorder.add(each);
  return recorder.finish();
}

const usual = { speed: 1, keep: 1, seed: 1 };

test('each request keeps its method, path, status and moment; equal ones share a place', () => {
  const recording = recorded([
    line(0, 'GET /a?x=1 HTTP/1.1'),
    line(1, 'GET /a?x=1 HTTP/1.1', 404),
    line(2, 'HEAD /a?x=1 HTTP/1.1'),
    line(2, 'GET /a?x=1 HTTP/1.1'),
    line(3, 'POST /a HTTP/1.1'),
    line(3, '-', 400),
  ]);
  expect([...recording.request]).toEqual([0, 1, 2, 0]);
  expect([0, 1, 2].map((each) => requestAt(recording, each))).toEqual([
    { method: 'GET', path: '/a?x=1', status: 200 },
    { method: 'GET', path: '/a?x=1', status: 404 },
    { method: 'HEAD', path: '/a?x=1', status: 200 },
  ]);
  expect(recording.names).toEqual(['GET /a', 'HEAD /a']);
  expect(recording.counts).toMatchObject({ inLog: 6, otherMethods: { POST: 1 }, malformed: 1, outOfOrder: 0 });
});

test('a thousand paths are found again when the table has grown', () => {
  const lines = Array.from({ length: 30_000 }, (_, index) =>
    line(index, `GET /p/${index % 10_000}?q=${index % 7} HTTP/1.1`),
  );
  const recording = recorded(lines);
  const paths = [...recording.request].map((each) => requestAt(recording, each).path);
  expect(paths).toEqual(lines.map(({ request }) => request?.split(' ')[1]));
  expect(new Set(paths).size).toBe(recording.nameOf.length);
});

test('moments are divided by the speed, and drawn within the second that the log has', () => {
  const recording = recorded([line(10, 'GET /a'), line(10, 'GET /b'), line(12, 'GET /c'), line(19, 'GET /d')]);
  const schedule = scheduleReplay(recording, { ...usual, speed: 10 });
  expect(schedule.durationS).toBe(1);
  expect(schedule.peakPerS).toBe(4);
  expect([...schedule.atS].map((at) => Math.floor(at * 10))).toEqual([0, 0, 2, 9]);
  expect([...schedule.atS]).toEqual([...schedule.atS].sort((a, b) => a - b));
  expect(new Date(schedule.fromMs).toISOString()).toBe('2026-03-12T00:00:10.000Z');
  expect(scheduleReplay(recording, { ...usual, speed: 10 })).toEqual(schedule);
});

test('a log with fractions of a second is replayed at these', () => {
  const recording = recorded([line(0.25, 'GET /a'), line(0.5, 'GET /b')]);
  expect([...scheduleReplay(recording, usual).atS]).toEqual([0.25, 0.5]);
});

test('of a log with both, times in whole seconds are drawn within these, and all are in order', () => {
  const whole = Array.from({ length: 50 }, () => line(0, 'GET /whole'));
  const fine = Array.from({ length: 50 }, (_, index) => line(index / 50 + 0.003, 'GET /fine'));
  const recording = recorded([...whole, ...fine]);
  const { atS, request } = scheduleReplay(recording, usual);
  expect([...atS]).toEqual([...atS].sort((a, b) => a - b));
  const at = (path: string) =>
    [...atS].filter((_, place) => requestAt(recording, request[place] as number).path === path);
  expect(at('/fine')).toEqual(fine.map(({ atMs }) => (atMs - day) / 1000));
  expect(new Set(at('/whole')).size).toBe(50);
  expect(Math.max(...at('/whole'))).toBeGreaterThan(0.8);
});

test('a whole second is exact where the others have milliseconds', () => {
  const recording = recorded(Array.from({ length: 2000 }, (_, index) => line(index / 1000, 'GET /a')));
  expect([...scheduleReplay(recording, usual).atS].slice(999, 1002)).toEqual([0.999, 1, 1.001]);
});

test('lines without a year are set back when a later line shows that they were too late', () => {
  const yearless = (atS: number, more = {}) => ({ ...line(atS, 'GET /a'), isYearAssumed: true as const, ...more });
  const lines = [yearless(0), yearless(-365 * 86_400 + 60, { yearsLate: 1 })];
  expect([...recorded(lines).atMs].map((ms) => new Date(ms).toISOString())).toEqual([
    '2025-03-12T00:00:00.000Z',
    '2025-03-12T00:01:00.000Z',
  ]);
  expect(recorded(lines).counts.outOfOrder).toBe(0);
  expect(() => recorded(lines, { from: '00:00' })).toThrow('the times of the log have no year: leave out --from');
});

test('a row that counts the requests of a minute is refused, and a repeated message is sent so often', () => {
  expect(() => recorded([{ ...line(0, 'GET /a'), requests: 120, isSum: true }])).toThrow(
    'the log has a line for 120 requests: a replay needs the time of each. Give the log itself, without counts',
  );
  expect(() => recorded([{ ...line(0, 'GET /a'), requests: 1e9 }])).toThrow('a line for 1000000000 requests');
  expect(recorded([{ ...line(0, 'GET /a'), requests: 3 }]).atMs).toHaveLength(3);
});

test('lines out of order are sorted', () => {
  const recording = recorded([line(5, 'GET /c'), line(0, 'GET /a'), line(3, 'GET /b')]);
  const { atS, request } = scheduleReplay(recording, usual);
  expect(recording.counts.outOfOrder).toBe(2);
  expect([...request].map((each) => requestAt(recording, each).path)).toEqual(['/a', '/b', '/c']);
  expect([...atS].map(Math.floor)).toEqual([0, 3, 5]);
});

test('thinning keeps each request with its chance, by the seed', () => {
  const recording = recorded(Array.from({ length: 60_000 }, (_, index) => line(Math.floor(index / 10), 'GET /a')));
  const kept = scheduleReplay(recording, { speed: 60, keep: 1 / 60, seed: 1 });
  // Five standard deviations of a binomial with mean 1,000.
  expect(Math.abs(kept.request.length - 1000)).toBeLessThan(160);
  expect(kept.asked).toBe(60_000);
  expect(kept.durationS).toBe(100);
  expect(scheduleReplay(recording, { speed: 60, keep: 1 / 60, seed: 2 }).atS).not.toEqual(kept.atS);
});

test('a part is chosen by times in the zone of the log, or with a zone of their own', () => {
  const lines = [line(0, 'GET /a'), line(3600, 'GET /b'), line(7200, 'GET /c')];
  const paths = (range: object) => {
    const recording = recorded(lines, range);
    return [...recording.request].map((each) => requestAt(recording, each).path);
  };
  // 00:00 UTC is 01:00 there.
  expect(paths({ from: '02:00', to: '03:00' })).toEqual(['/b']);
  expect(paths({ from: '2026-03-12T02:00' })).toEqual(['/b', '/c']);
  expect(paths({ to: '2026-03-12T01:00:00Z' })).toEqual(['/a']);
  expect(() => paths({ from: '03:00', to: '02:00' })).toThrow('--from 03:00 is not before --to 02:00: swap them');
  expect(() => paths({ from: 'noon' })).toThrow('--from noon is not a time: write it like 14:30');
});

test('ten years are refused with what to do', () => {
  const recording = recorded([line(0, 'GET /a'), line(3650 * 86_400, 'GET /b')]);
  expect(() => scheduleReplay(recording, { ...usual, speed: 60 })).toThrow(
    'the log covers 3650.0 days: at --speed 60 its replay takes 60.8 days, and 7 is the most. Replay a part with --from and --to, or give --speed 522 or more',
  );
});

test('a sample has the mix of the log at the wanted rate, and only its requests travel', () => {
  const recording = recorded(
    Array.from({ length: 4000 }, (_, index) => line(index, `GET /${index % 4 === 0 ? 'x' : index}`)),
  );
  const schedule = scheduleReplay(recording, usual);
  const sample = sampleSchedule(schedule, { ratePerS: 100, durationS: 4, seed: 3 });
  expect(Math.abs(sample.request.length - 400)).toBeLessThan(100);
  const sent = selectRequests(recording, sample.request);
  const paths = [...sent.request].map((each) => requestAt(sent, each).path);
  expect(paths).toEqual([...sample.request].map((each) => requestAt(recording, each).path));
  const share = paths.filter((path) => path === '/x').length / paths.length;
  expect(Math.abs(share - 0.25)).toBeLessThan(0.11);
  expect(sent.nameOf.length).toBe(new Set(paths).size);
});
