import { describe, expect, test } from '@jest/globals';
import { parseQuery } from '../../query/query.ts';
import { seriesOf } from '../../query/query-expression.ts';

describe('parseQuery', () => {
  test('reads the parts of a metric monitor', () => {
    const query = parseQuery('max(last_5m):max:system.cpu.user{host:i-0abc,env:prod} by {host,app} >= 50');
    expect(query).toMatchObject({
      timeAggregation: 'max',
      window: { lengthS: 300, kind: 'last' },
      comparator: '>=',
      threshold: 50,
      expression: { aggregation: 'max', metric: 'system.cpu.user', groupBy: ['host', 'app'] },
    });
    expect(seriesOf(query.expression)[0]?.scope.tags).toEqual(['host:i-0abc', 'env:prod']);
  });

  test.each([
    'avg(last_5m):100 - avg:system.cpu.idle{host:x} by {host} > 90',
    'sum(last_5m):sum:nginx.a{host:x}.as_count() / sum:nginx.b{host:x AND env IN (prod,stage)}.as_count() * 100 > 0.5',
    'change(avg(last_5m),5m_ago):avg:a.b{*} > 3',
    'change(min(last_1m),last_5m):avg:a.b{NOT env:dev} < -3',
    "avg(last_4h):anomalies(avg:a.b{*}, 'basic', 2, direction='both') >= 1",
    'avg(current_1d):sum:a.b{host:web-*}.rollup(max, 60) > 1e6',
    'avg(last_5m):avg:a.b{*}.rollup(30).fill(last, 60) > 1',
    "sum(last_1d):sum:a.b{*}.as_count().rollup( 'sum', daily, 12am, 'Europe/Berlin' ) > 1",
    'min(last_1w):(avg:a{*} + avg:b{!env:dev}) / 2 <= 0.5',
    'avg(last_10m):abs(avg:a{*}) != 0',
    'percentile(last_5m):p95:trace.web.request{env:prod} > 2',
    'avg(last_5m):p99.9:a{*} + count:a{*} > 2',
    "max(next_1w):forecast(avg:system.disk.in_use{*} by {host}, 'linear', 1, interval='60m') >= 0.8",
    'avg(last_5m):avg:a{*} * 1e3 - 2.5E-2 > 2',
    'avg( last_5m ):avg:a{ host:x , env:y }by{host}>5',
    'change(avg(last_5m),1w_ago):avg:a{host:x OR (NOT env IN (a, b) AND *:prod)} > 2',
    `avg(last_5m):avg:a{service:"my shop",'env:a,b'} > 2`,
    'avg(last_5m):top10_max(newer_than_this(avg:a{*} by {host})) > 2',
  ])('takes %s', (text) => {
    expect(parseQuery(text).text).toBe(text);
  });

  test.each([
    ['max(last_5min):max:a{*} > 1', 4, 'is not a window'],
    ['max(last_99999m):max:a{*} > 1', 4, 'out of range: 1 to 10080m'],
    ['max(next_1w):max:a{*} > 1', 4, 'is a window of forecast() alone'],
    ['max(next_5y):max:a{*} > 1', 4, 'is not a window'],
    ['avg(current_5m):max:a{*} > 1', 4, 'only current_1h'],
    ['max(last_5m):max:a{} > 1', 19, 'empty scope'],
    ['max(last_5m):max:a{x:y} > .5', 28, '0.5, not .5'],
    ['max(last_5m):max:a{x:y}', 23, 'expected a comparison'],
    ['max(last_5m):mean:a{x:y} > 5', 13, "'mean' is not one of"],
    ['mean(last_5m):max:a{x:y} > 5', 0, "'mean' is not one of"],
    ['max(last_5m):max:a{x:y,b:c AND d:e} > 5', 19, 'cannot be mixed'],
    ['max(last_5m):max:a{x y} > 5', 19, 'is not a tag'],
    ['max(last_5m):max:a > 5', 18, 'expected a scope'],
    ['max(last_5m):(max:a{*} > 5', 22, "expected ')'"],
    ['max(last_5m):max:a{*}) > 5', 21, "unexpected ')'"],
    ['max:a{*} > 5', 0, 'expected a time aggregation'],
    ['max(last_5m):max:a{*}.nonsense(7) > 5', 22, 'Did you mean'],
    ['max(last_5m):max:a{*}.rolup(max, 60) > 5', 22, 'Did you mean .rollup()'],
    ['max(last_5m):max:a{*}.rollup(p95, 60) > 5', 22, "'p95' is not one of avg, sum, min, max, count"],
    ['max(last_5m):max:a{*}.rollup(MAX, 60) > 5', 22, 'Did you mean max?'],
    ['max(last_5m):max:a{*}.rollup(last, 60) > 5', 22, "'last' is not one of"],
    ['max(last_5m):max:a{*}.rollup() > 5', 22, 'needs a method'],
    ['max(last_5m):max:a{*}.rollup(max, 0) > 5', 22, "'0' is not an interval"],
    ['max(last_5m):max:a{*}.rollup(max, -60) > 5', 22, "'-60' is not an interval"],
    ['max(last_5m):max:a{*}.rollup(max, 1.5) > 5', 22, "'1.5' is not an interval"],
    ['max(last_5m):max:a{*}.rollup(max, 60s) > 5', 22, "'60s' is not an interval"],
    ['max(last_5m):max:a{*}.rollup(max, dayly) > 5', 22, "'dayly' is not an interval: give seconds, like 60, or daily"],
    ['max(last_5m):max:a{*}.rollup(60, max) > 5', 22, 'write .rollup(max, 60)'],
    ['max(last_5m):max:a{*}.rollup(max, 60, 60) > 5', 22, "'60' is neither a time zone"],
    ["max(last_5m):max:a{*}.rollup(max, daily, 'Mars/Base') > 5", 22, 'neither a time zone'],
    ['max(last_5m):max:a{*}.rollup(max,,60) > 5', 22, 'is empty'],
    ['max(last_5m):max:a{*}.fill(often) > 5', 22, 'expected one of null, zero'],
    ['max(last_5m):max:a{*}.as_rate(60) > 5', 22, 'takes no argument'],
    ['avg(last_5m):sum:a{*}.as_count() > 5', 0, 'avg cannot be used with .as_count(): write sum(last_5m)'],
    ['change(max(last_5m),5m_ago):sum:a{*}.as_count() > 5', 7, 'max cannot be used with .as_count()'],
    ['max(last_5m):asb(avg:a{*}) > 5', 13, 'asb() is not a function. Did you mean abs()?'],
    ['avg(last_4h):anomolies(avg:a{*}) > 5', 13, 'Did you mean anomalies()?'],
    ['max(last_5m):p9:a{*} > 5', 13, "'p9' is not one of"],
    ['change(avg(last_5m),0m_ago):max:a{*} > 5', 20, 'not a time shift'],
    ['change(avg(last_5m),soon):max:a{*} > 5', 20, 'not a time shift'],
    ['change(avg(last_5m),5m):max:a{*} > 5', 20, 'not a time shift'],
    ['change(avg(last_5m),last_5m_ago):max:a{*} > 5', 20, 'not a time shift'],
    ['max(last_5m):max:a{env IN ()} > 5', 19, 'lists no value'],
    ['max(last_5m):max:a{host:"x} > 5', 19, 'is not a tag'],
  ])('%s: points at character %i', (text, position, why) => {
    expect(() => parseQuery(text)).toThrow(
      expect.objectContaining({ position, message: expect.stringContaining(why) }),
    );
  });
});
