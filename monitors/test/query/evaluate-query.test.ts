import { describe, expect, test } from '@jest/globals';
import { evaluateQuery } from '../../query/evaluate-query.ts';
import { parseQuery } from '../../query/query.ts';
import type { RecordedSeries } from '../../query/recorded-series.ts';

const start = Date.UTC(2026, 0, 1, 12);
/** One point every 15 s, the first at 12:00:15. */
const series = (metric: string, tags: string[], values: (number | undefined)[]): RecordedSeries => ({
  metric,
  tags,
  intervalS: 15,
  points: values.flatMap((value, index) =>
    value === undefined ? [] : [[start + (index + 1) * 15_000, value] as const],
  ),
});
const evaluate = (query: string, all: RecordedSeries[], delayS = 0) =>
  Object.fromEntries(
    [...evaluateQuery(parseQuery(query), all, delayS)].map(([group, evaluations]) => [
      group,
      evaluations.map(({ atMs, value }) => [(atMs - start) / 60_000, value]),
    ]),
  );
const cpu = series('cpu', ['host:a'], [10, 20, 30, 40, 50, 60, 70, 80]);

describe('evaluateQuery', () => {
  test.each([
    ['max', [[1, 40], [2, 80]]], // biome-ignore format: one line each reads as a table
    ['min', [[1, 10], [2, 50]]], // biome-ignore format: one line each reads as a table
    ['avg', [[1, 25], [2, 65]]], // biome-ignore format: one line each reads as a table
    ['sum', [[1, 100], [2, 260]]], // biome-ignore format: one line each reads as a table
  ])('%s over a minute, every minute', (how, expected) => {
    expect(evaluate(`${how}(last_1m):avg:cpu{host:a} > 0`, [cpu])).toEqual({ '': expected });
  });

  test('a window reaches back as far as it says', () => {
    expect(evaluate('avg(last_2m):avg:cpu{*} > 0', [cpu])).toEqual({ '': [[1, 25], [2, 45]] }); // biome-ignore format: short
  });

  test('a delay moves the window back and the alarm forward', () => {
    expect(evaluate('max(last_1m):avg:cpu{*} > 0', [cpu], 60)).toEqual({ '': [[2, 40], [3, 80]] }); // biome-ignore format: short
  });

  test('aggregates over hosts in space, or gives each its own row', () => {
    const other = series('cpu', ['host:b', 'env:x'], [30, 30, 30, 30]);
    expect(evaluate('max(last_1m):sum:cpu{*} > 0', [cpu, other])).toEqual({ '': [[1, 70], [2, 80]] }); // biome-ignore format: short
    expect(evaluate('max(last_1m):sum:cpu{*} by {host} > 0', [cpu, other])).toEqual({
      'host:a': [[1, 40], [2, 80]], // biome-ignore format: short
      'host:b': [[1, 30], [2, undefined]], // biome-ignore format: short
    });
    expect(evaluate('max(last_1m):sum:cpu{!host:a} by {host,env} > 0', [cpu, other])).toEqual({
      'host:b,env:x': [[1, 30], [2, undefined]], // biome-ignore format: short
    });
  });

  test('arithmetic goes bucket by bucket', () => {
    const idle = series('idle', ['host:a'], [90, 80, 20, 70]);
    expect(evaluate('max(last_1m):100 - avg:idle{*} > 0', [idle])).toEqual({ '': [[1, 80]] });
    expect(evaluate('max(last_1m):abs(avg:idle{*} - avg:cpu{*}) * 2 > 0', [idle, cpu])).toEqual({ '': [[1, 160], [2, undefined]] }); // biome-ignore format: short
  });

  test('a ratio of counts is the ratio of the sums, and has no value when nothing was counted', () => {
    const bad = series('bad', ['host:a'], [1, 0, 0, 3, 0]);
    const all = series('all', ['host:a'], [100, 0, 0, 300, 0]);
    expect(evaluate('sum(last_1m):sum:bad{*}.as_count() / sum:all{*}.as_count() * 100 > 1', [bad, all])).toEqual({
      '': [[1, 1], [2, undefined]], // biome-ignore format: short
    });
  });

  test('change and percent of change look at the window that ended earlier', () => {
    expect(evaluate('change(avg(last_1m),1m_ago):avg:cpu{*} > 0', [cpu])).toEqual({ '': [[1, undefined], [2, 40]] }); // biome-ignore format: short
    expect(evaluate('pct_change(avg(last_1m),1m_ago):avg:cpu{*} > 0', [cpu])).toEqual({ '': [[1, undefined], [2, 160]] }); // biome-ignore format: short
  });

  test('a window without a point has no value, never 0', () => {
    const gap = series('cpu', ['host:a'], [5, 5, 5, 5, undefined, undefined, undefined, undefined, 7, 7, 7, 7]);
    expect(evaluate('min(last_1m):avg:cpu{*} > 0', [gap])).toEqual({ '': [[1, 5], [2, undefined], [3, 7]] }); // biome-ignore format: short
  });

  test('a roll-up makes one value of its bucket', () => {
    expect(evaluate('max(last_1m):avg:cpu{*}.rollup(min, 60) > 0', [cpu])).toEqual({ '': [[1, 10], [2, 50]] }); // biome-ignore format: short
  });

  test('long windows are looked at less often', () => {
    const day = series(
      'cpu',
      ['host:a'],
      Array.from({ length: 2 * 240 }, () => 1),
    );
    expect(
      evaluate('avg(last_1d):avg:cpu{*} > 0', [day])
        ['']?.map(([minute]) => minute)
        .slice(0, 3),
    ).toEqual([10, 20, 30]);
  });

  test('current_1h begins with the hour', () => {
    const points = Array.from({ length: 8 }, (_, index) => index);
    const around = {
      ...series('cpu', ['host:a'], points),
      points: points.map((value) => [start + (value - 4) * 60_000, value] as const),
    };
    expect(evaluate('sum(current_1h):avg:cpu{*} > 0', [around])['']?.slice(-3)).toEqual([
      [1, 5],
      [2, 11],
      [3, 18],
    ]);
  });

  test('what only Datadog can do is an error', () => {
    expect(() => evaluate("avg(last_4h):anomalies(avg:cpu{*}, 'basic', 2) >= 1", [cpu])).toThrow(
      'only Datadog can evaluate anomalies()',
    );
  });
});
