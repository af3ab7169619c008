import { describe, expect, test } from '@jest/globals';
import type { OpenStage } from '../../../model/stage-kinds/open.ts';
import type { OpenOrder } from '../../engines/stage-order.ts';
import { scheduleArrivals } from '../../engines/timing/arrivals.ts';
import { openOrders } from '../../run/orders.ts';

const stage = {
  kind: 'open',
  name: 'open',
  arrivalRatePerS: 6,
  durationS: 2,
  maxConnections: 11,
  arrivals: 'constant',
  warmUp: false,
} as OpenStage;

/** What shard `index` of as many shards as there are figures orders, each with its own number of generators. */
const ordersOf = (generators: readonly number[], asked: OpenStage): OpenOrder[] =>
  generators.flatMap((count, index) =>
    openOrders(
      {
        stage: 0,
        origin: 'http://127.0.0.1:1',
        routes: [],
        timeoutS: 5,
        insecure: false,
        seed: 7,
        generators: count,
        shard: { index, of: generators.length },
      },
      asked,
      0,
    ),
  );

function startsOf(order: OpenOrder): number[] {
  const next = scheduleArrivals(order);
  const starts: number[] = [];
  for (let at = next(); at < Number.POSITIVE_INFINITY; at = next()) starts.push(at);
  return starts;
}

describe('openOrders', () => {
  const alone = { constant: startsOf(ordersOf([1], stage)[0] as OpenOrder), poisson: [] as number[] };
  const random: OpenStage = { ...stage, arrivals: 'poisson' };
  alone.poisson = startsOf(ordersOf([1], random)[0] as OpenOrder);

  test.each([[[1]], [[4]], [[1, 3]], [[3, 1]], [[2, 5, 1]]])(
    'shards with %j generators send every arrival once, and share all connections',
    (generators) => {
      for (const asked of [stage, random]) {
        const orders = ordersOf(generators, asked);
        const starts = orders.flatMap(startsOf).sort((a, b) => a - b);
        expect(starts).toEqual(alone[asked.arrivals]);
        expect(orders.reduce((sum, order) => sum + order.maxConnections, 0)).toBe(11);
        expect(new Set(orders.map((order) => order.generator)).size).toBe(orders.length);
      }
      expect(alone.constant).toHaveLength(12);
    },
  );
});
