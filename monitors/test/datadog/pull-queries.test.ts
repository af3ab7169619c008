import { expect, test } from '@jest/globals';
import { hostQueries, ownQueries } from '../../datadog/pull-queries.ts';

test('the bad end of each metric, in buckets that the window allows', () => {
  const queries = Object.fromEntries(hostQueries('i-0abc', 3600).map(({ metric, query }) => [metric, query]));
  expect(queries['system.cpu.user']).toBe('max:system.cpu.user{host:i-0abc}.rollup(max, 15)');
  expect(queries['system.cpu.idle']).toBe('min:system.cpu.idle{host:i-0abc}.rollup(min, 15)');
  expect(queries['aws.ec2.cpucredit_balance']).toBe('min:aws.ec2.cpucredit_balance{host:i-0abc}.rollup(min, 300)');
  expect(hostQueries('h', 3 * 86_400)[0]?.intervalS).toBe(60);
  expect(hostQueries('h', 30 * 86_400)[0]?.intervalS).toBe(300);
});

test.each([
  ['max:a.b{host:x}', 'max:a.b{host:x}.rollup(max, 15)', 15],
  ['sum:a.b{*} by {host}', 'sum:a.b{*} by {host}.rollup(sum, 15)', 15],
  ['avg:a.b{*}.rollup(max, 60)', 'avg:a.b{*}.rollup(max, 60)', 60],
  // Whole days, which no piece of a long window may cut.
  ['sum:a.b{*}.rollup(sum, daily)', 'sum:a.b{*}.rollup(sum, daily)', 86_400],
  ["sum:a.b{*}.rollup('max', monthly, 'UTC')", "sum:a.b{*}.rollup('max', monthly, 'UTC')", 2_592_000],
])('%s', (given, query, intervalS) => {
  expect(ownQueries([given], 3600)).toEqual([{ metric: 'a.b', query, intervalS }]);
});

test('the sum of a gauge is one across series, not over time', () => {
  expect(ownQueries(['sum:system.cpu.user{*}'], 3600)[0]?.query).toBe('sum:system.cpu.user{*}.rollup(avg, 15)');
});

test('of a count the mean across series is one of sums over time, and its mean over time is no count', () => {
  const count = 'nginx.server_zone.requests_count';
  const [pulled] = ownQueries([`avg:${count}{*}`], 30 * 86_400);
  expect(pulled).toEqual({ metric: count, query: `avg:${count}{*}.rollup(sum, 300)`, intervalS: 300 });
  const metricFor = (rollup: string) => ownQueries([`sum:${count}{*}.rollup(${rollup})`], 3600)[0]?.metric;
  for (const mean of ['avg, 60', "'avg', 60", '60', 'avg, daily']) expect(metricFor(mean)).not.toBe(count);
  for (const own of ['sum, 60', 'avg, 15', 'max, 60', 'avg']) expect(metricFor(own)).toBe(count);
});

test.each([
  '100 - avg:a.b{*}',
  'avg:a.b{*} / avg:a.c{*}',
  '(avg:a.b{*})',
  'abs(avg:a.b{*})',
  'default_zero(avg:a.b{*})',
  '-1 * avg:a.b{*}',
  'avg:a.b{*}.fill(zero)',
  'sum:a.b{*}.as_rate()',
  'sum:a.b{*}.as_count()',
  'avg:a.b{*}.rollup(count, 60)',
  'p95:a.b{*}',
])('%s is filed under its own text, not under the metric in it', (query) => {
  expect(ownQueries([query], 3600)[0]?.metric).toBe(query);
});

test('several queries in one text are several queries, each once', () => {
  const texts = [
    "avg:a{host:x,env:y}, max:b{*} by {host,app},avg:c{*}.rollup(sum, daily, 'A/B,C')",
    'max:b{*} by {host,app}',
  ];
  expect(ownQueries(texts, 3600).map(({ metric }) => metric)).toEqual(['a', 'b', 'c']);
  for (const empty of ['', 'avg:a{*},', 'avg:a{*},,avg:b{*}'])
    expect(() => ownQueries([empty], 3600)).toThrow('--metric has an empty query');
});
