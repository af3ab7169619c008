import { expect, test } from '@jest/globals';
import { createHistogram, encodeHistogram } from '../../../model/latency/histogram.ts';
import type { LoadLine } from '../../../model/second.ts';
import { recordUs } from '../../../model/test/latency/record-us.ts';
import { createLoadIntervals, createLoadSeries, loadIntervals } from '../../query/load-series.ts';

const start = Date.UTC(2026, 0, 1, 12);
const line = (second: number, ok: number, more: Partial<LoadLine> = {}): LoadLine => ({
  kind: 'load',
  stage: 0,
  generator: 0,
  at: new Date(start + second * 1000).toISOString(),
  durationS: 1,
  sent: ok,
  outcomes: { ok, unexpectedStatus: 0, timeout: 0, connectionError: 0 },
  statusCounts: {},
  routes: {},
  open: 4,
  eventLoopUtilization: 0,
  cpuS: 0,
  ...more,
});

test('puts the generators of a second together', () => {
  const lines = Array.from({ length: 2 }, (_, second) => [
    line(second, 100),
    line(second, 50, { generator: 1, outcomes: { ok: 50, unexpectedStatus: 2, timeout: 1, connectionError: 0 } }),
  ]).flat();
  const outcomes = { ok: 150, unexpectedStatus: 2, timeout: 1, connectionError: 0 };
  const metrics = { 'headroom.throughput': 152, 'headroom.errors': 3, 'headroom.in_flight': 8 };
  expect(loadIntervals(lines)).toEqual([
    { stage: 0, endMs: start + 1000, metrics, outcomes },
    { stage: 0, endMs: start + 2000, metrics, outcomes },
  ]);
});

test('lets go of what the lines have left behind', () => {
  const given: number[] = [];
  const intervals = createLoadIntervals(({ endMs }) => given.push((endMs - start) / 1000));
  for (let second = 0; second < 12; second++) intervals.add(line(second, 1));
  expect(given).toEqual([1, 2]);
  intervals.rest();
  expect(given).toHaveLength(12);
});

test('latency comes from the merged histograms, in milliseconds', () => {
  const histogram = createHistogram();
  for (const us of [1000, 2000, 50_000]) recordUs(histogram, us);
  const [interval] = loadIntervals([line(0, 3, { latencyUs: encodeHistogram(histogram) })]);
  expect(interval?.metrics['headroom.latency.p50_ms']).toBeCloseTo(2, 1);
  expect(interval?.metrics['headroom.latency.p99_ms']).toBeCloseTo(50, 0);
});

test('a short last second is not taken for a long one, and stages are kept apart', () => {
  const lines = [line(8, 100), line(9, 50, { durationS: 0.5 }), line(9.5, 10, { durationS: 0.5, stage: 1 })];
  expect(loadIntervals(lines).map(({ stage, metrics }) => [stage, metrics['headroom.throughput']])).toEqual([
    [0, 100],
    [0, 100],
    [1, 20],
  ]);
});

test('as series they carry the host', () => {
  const series = createLoadSeries('i-0abc');
  for (const interval of loadIntervals([line(0, 5), line(12, 7)])) series.add(interval);
  expect(series.all().find(({ metric }) => metric === 'headroom.throughput')).toEqual({
    metric: 'headroom.throughput',
    tags: ['host:i-0abc'],
    intervalS: 1,
    points: [
      [start + 1000, 5],
      [start + 13_000, 7],
    ],
  });
});
