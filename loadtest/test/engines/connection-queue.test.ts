import { describe, expect, test } from '@jest/globals';
import { startConnectionQueue } from '../../engines/connection-queue.ts';

function room(part: { readonly maxConnections?: number; readonly ratePerS?: number; readonly generators?: number }) {
  let made = 0;
  return startConnectionQueue({ maxConnections: 6, ratePerS: 1, generators: 1, ...part }, () => ({ id: made++ }));
}

describe('connection queue', () => {
  test('connections are taken in turn, the one that waited longest first', () => {
    const { take, release, all } = room({});
    expect(all().map((each) => each.id)).toEqual([0, 1, 2, 3]);
    const [a, b] = [take(), take()];
    release(b as NonNullable<typeof b>);
    release(a as NonNullable<typeof a>);
    expect([take(), take(), take(), take()].map((each) => each?.id)).toEqual([2, 3, 1, 0]);
  });

  test('when they are all taken, others are opened up to the limit, and then nobody gets one', () => {
    const { take, release, all } = room({});
    const taken = Array.from({ length: 7 }, take);
    expect(taken.map((each) => each?.id)).toEqual([0, 1, 2, 3, 4, 5, undefined]);
    expect(all()).toHaveLength(6);
    release(taken[5] as NonNullable<(typeof taken)[0]>);
    expect(take()?.id).toBe(5);
    expect(take()).toBeUndefined();
  });

  test('uses each that was opened once, then turns through 64 and keeps the rest spare, the last used first', () => {
    const { take, release } = room({ ratePerS: 400, maxConnections: 1000 });
    const next = () => {
      const connection = take();
      release(connection as NonNullable<typeof connection>);
      return connection?.id;
    };
    expect(Array.from({ length: 200 }, next)).toEqual(Array.from({ length: 200 }, (_, id) => id));
    expect(Array.from({ length: 65 }, next)).toEqual([...Array.from({ length: 64 }, (_, id) => id), 0]);
    const taken = Array.from({ length: 66 }, take);
    expect(taken.slice(64).map((each) => each?.id)).toEqual([199, 198]);
    release(taken[64] as NonNullable<(typeof taken)[0]>);
    expect(take()?.id).toBe(199);
  });

  test('has as many opened as half a second brings arrivals, in bounds', () => {
    const size = (rate: number, maxConnections: number) => room({ ratePerS: rate, maxConnections }).all().length;
    expect(size(200, 1000)).toBe(100);
    expect(size(200, 30)).toBe(30);
    expect(size(50_000, 1000)).toBe(256);
    expect(size(0.1, 1000)).toBe(4);
    expect(size(0.1, 1)).toBe(1);
  });

  test('shares what servers hold with ease among all generators, those of other shards too', () => {
    const { all } = room({ ratePerS: 50_000, maxConnections: 1000, generators: 8 });
    expect(all()).toHaveLength(32);
  });
});
