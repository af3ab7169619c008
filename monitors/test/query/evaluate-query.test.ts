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
// Counts, by Datadog's check of nginx.
const [hits, errors] = ['nginx.server_zone.requests_count', 'nginx.server_zone.responses.5xx_count'];
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
    const bad = series(errors, ['host:a'], [1, 0, 0, 3, 0]);
    const all = series(hits, ['host:a'], [100, 0, 0, 300, 0]);
    expect(
      evaluate(`sum(last_1m):sum:${errors}{*}.as_count() / sum:${hits}{*}.as_count() * 100 > 1`, [bad, all]),
    ).toEqual({
      '': [[1, 1], [2, undefined]], // biome-ignore format: short
    });
  });

  test('change is that of each point, summed up over the window', () => {
    expect(evaluate('change(avg(last_1m),1m_ago):avg:cpu{*} > 0', [cpu])).toEqual({ '': [[1, undefined], [2, 40]] }); // biome-ignore format: short
    // 400, 200, 133.3 and 100 %.
    expect(evaluate('pct_change(min(last_1m),1m_ago):avg:cpu{*} > 0', [cpu])).toEqual({ '': [[1, undefined], [2, 100]] }); // biome-ignore format: short
    const peaks = series('cpu', ['host:a'], [50, 10, 10, 10, 10, 50, 10, 10]);
    expect(evaluate('change(max(last_1m),1m_ago):avg:cpu{*} > 0', [peaks])).toEqual({ '': [[1, undefined], [2, 40]] }); // biome-ignore format: short
    expect(evaluate('change(min(last_1m),1m_ago):avg:cpu{*} > 0', [peaks])).toEqual({ '': [[1, undefined], [2, -40]] }); // biome-ignore format: short
  });

  test('a change in percent is that of the value before, with its sign', () => {
    const below = series('cpu', ['host:a'], [-50, -50, -50, -50, -25, -25, -25, -25]);
    expect(evaluate('pct_change(avg(last_1m),1m_ago):avg:cpu{*} > 0', [below])).toEqual({ '': [[1, undefined], [2, -50]] }); // biome-ignore format: short
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

  test.each([
    ['max, 60', 40, 80],
    ["'max', 60", 40, 80],
    ['"min", 60', 10, 50],
    ['avg,60', 25, 65],
    ['60', 25, 65],
    ['sum, 30', 70, 150],
    ['count, 60', 4, 4],
    ['count, 30', 2, 2],
    ['max', 40, 80],
    ['max, 5', 40, 80],
  ])('.rollup(%s) gives buckets whose highest is %d, then %d', (args, first, second) => {
    expect(evaluate(`max(last_1m):max:cpu{*}.rollup(${args}) > 0`, [cpu])).toEqual({ '': [[1, first], [2, second]] }); // biome-ignore format: short
  });

  describe('as_rate and as_count', () => {
    const counted = series(hits, ['host:a'], [3, 6, 9, 12]);
    test('a count as a rate is divided by the interval of its points, or of its roll-up', () => {
      expect(evaluate(`avg(last_1m):sum:${hits}{*}.as_rate() > 0`, [counted])).toEqual({ '': [[1, 0.5]] });
      expect(evaluate(`max(last_1m):sum:${hits}{*}.as_rate() > 0`, [counted])).toEqual({ '': [[1, 0.8]] });
      expect(evaluate(`max(last_1m):sum:${hits}{*}.as_rate().rollup(sum, 30) > 0`, [counted])).toEqual({ '': [[1, 0.7]] }); // biome-ignore format: short
      expect(evaluate(`sum(last_1m):sum:${hits}{*}.as_count() > 0`, [counted])).toEqual({ '': [[1, 30]] });
      expect(evaluate(`sum(last_1m):sum:${hits}{*}.as_count().rollup(60) > 0`, [counted])).toEqual({ '': [[1, 30]] });
    });

    test('a gauge stays as it is', () => {
      const user = series('system.cpu.user', ['host:a'], [10, 20, 30, 40]);
      expect(evaluate('avg(last_1m):avg:system.cpu.user{*}.as_rate() > 0', [user])).toEqual({ '': [[1, 25]] });
      expect(evaluate('sum(last_1m):avg:system.cpu.user{*}.as_count().rollup(avg, 60) > 0', [user])).toEqual({ '': [[1, 25]] }); // biome-ignore format: short
    });
  });

  test.each([
    ["avg(last_4h):anomalies(avg:cpu{*}, 'basic', 2) >= 1", 'anomalies()'],
    ["max(next_1w):forecast(avg:cpu{*}, 'linear', 1) >= 1", 'forecast()'],
    ["avg(last_1h):outliers(avg:cpu{*} by {host}, 'DBSCAN', 3) > 0", 'outliers()'],
    ['avg(last_5m):timeshift(avg:cpu{*}, -3600) > 0', 'timeshift()'],
    ['avg(last_5m):1 - moving_rollup(avg:cpu{*}, 60, "max") / 2 > 0', 'moving_rollup()'],
    ['avg(last_1m):abs(default_zero(avg:cpu{*})) > 1', 'default_zero()'],
    ['avg(last_1m):sum:cpu{*}.as_rate() > 1', 'as_rate()'],
    ['percentile(last_5m):p95:cpu{*} > 1', 'percentile() of a distribution'],
    ['avg(last_5m):p95:cpu{*} > 1', 'p95: of a distribution'],
    ['sum(last_1m):sum:cpu{*}.as_count() / sum:cpu{*}.as_count() > 1', 'as_count()'],
    ['avg(last_1m):avg:cpu{*}.fill(zero) > 1', 'fill(zero)'],
    ['avg(last_1m):avg:cpu{host:"a"} > 1', 'quotation marks in {host:"a"}'],
    ['avg(last_1m):avg:cpu{*}.weighted() > 1', 'weighted()'],
    ["sum(last_1d):sum:cpu{*}.rollup(sum, daily, 'Europe/Berlin') > 1", 'a roll-up by the calendar'],
    ['sum(last_1d):sum:cpu{*}.rollup(sum, weekly, monday) > 1', 'a roll-up by the calendar'],
    ["sum(last_1d):sum:cpu{*}.rollup(sum, 86400, 'Asia/Tokyo') > 1", 'a roll-up by the calendar'],
    ['max(last_1m):avg:cpu{*}.rollup(avg, 300) > 1', 'a roll-up that is longer than the window'],
    ['max(last_5m):avg:cpu{*}.rollup(avg, 60).rollup(max, 300) > 1', 'several roll-ups of one series'],
    ['sum(last_5m):sum:system.cpu.user{*}.as_count().as_rate() > 1', 'as_count() together with as_rate()'],
    [
      'avg(last_5m):sum:nginx.server_zone.requests_count{*}.as_rate().rollup(max, 60) > 1',
      'as_rate() with a roll-up by max',
    ],
    ['change(sum(last_5m),5m_ago):sum:system.cpu.user{*}.as_count() / sum:system.cpu.idle{*} > 1', 'change() of arithmetic on counts'], // biome-ignore format: one line each
  ])('%s: only Datadog can evaluate %s', (query, name) => {
    expect(() => evaluate(query, [cpu])).toThrow(`only Datadog can evaluate ${name}`);
  });
});
