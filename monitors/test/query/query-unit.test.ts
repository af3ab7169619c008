import { expect, test } from '@jest/globals';
import { parseQuery } from '../../query/query.ts';
import { unitOf } from '../../query/query-unit.ts';

test.each([
  ['max(last_5m):max:system.cpu.user{host:a} >= 50', '%'],
  ['avg(last_5m):100 - avg:system.cpu.idle{host:a} > 90', '%'],
  ['avg(last_5m):abs(avg:system.cpu.user{host:a} - avg:system.cpu.system{host:a}) > 90', '%'],
  ['min(last_30m):min:aws.ec2.cpucredit_balance{host:a} < 20', 'credits'],
  ['avg(last_5m):max:headroom.latency.p99_ms{host:a} > 100', 'ms'],
  ['min(last_10m):avg:system.load.norm.1{host:a} > 2', undefined],
  ['sum(last_5m):sum:system.cpu.user{host:a} / sum:system.cpu.idle{host:a} > 1', undefined],
  ['sum(last_5m):sum:nginx.server_zone.responses.5xx{host:a} > 1', undefined],
  ['avg(last_5m):avg:system.cpu.user{host:a} + avg:system.load.1{host:a} > 1', undefined],
  ['sum(last_5m):avg:system.cpu.user{host:a} > 500', undefined],
  ['avg(last_5m):avg:system.mem.used{host:a} > 500', 'B'],
  ['avg(last_5m):avg:system.mem.used{host:a}.as_rate() > 500', undefined],
  ['avg(last_5m):avg:system.mem.used{host:a}.rollup(count, 60) > 500', undefined],
  ['pct_change(avg(last_5m),5m_ago):avg:aws.ec2.cpucredit_balance{host:a} > 10', '%'],
  ['change(avg(last_5m),5m_ago):avg:aws.ec2.cpucredit_balance{host:a} > 10', 'credits'],
])('%s is in %s', (query, unit) => {
  expect(unitOf(parseQuery(query))).toBe(unit);
});
