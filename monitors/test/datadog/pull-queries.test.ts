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
  ['100 - avg:a.b{*}', '100 - avg:a.b{*}', 15],
])('%s', (given, query, intervalS) => {
  expect(ownQueries([given], 3600)).toEqual([{ metric: 'a.b', query, intervalS }]);
});
