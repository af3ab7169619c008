import { describe, expect, test } from '@jest/globals';
import { type CapacitySearch, searchCapacity } from '../../run/capacity.ts';
import { capacityPosterior } from '../../run/capacity-posterior.ts';

/** Mulberry32 (Tommy Ettinger), enough to make tests repeat themselves. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A target of known capacity; each probe sees it up to `blur` off, and fails for no reason once in a while. */
function target(capacity: number, seed: number, blur = 0.005, mishaps = 0.03) {
  const next = random(seed);
  const asked: number[] = [];
  const search: CapacitySearch = {
    probe: async (rate) => {
      asked.push(rate);
      const seen = capacity * (1 + blur * (2 * next() - 1));
      return { holds: rate <= seen && next() >= mishaps, clear: rate > 1.3 * seen };
    },
    rest: async () => {},
    from: 100,
    to: 100_000,
    rounds: 3,
    random: next,
  };
  return { search, asked };
}

describe('searchCapacity', () => {
  test.each([250, 1000, 37, 7777])(
    'finds %i/s within 3 %% from 20 seeds, the truth in the interval in at least 9 of 10',
    async (capacity) => {
      let within = 0;
      let covered = 0;
      for (let seed = 1; seed <= 20; seed++) {
        const result = await searchCapacity(target(capacity, seed).search);
        if (!result.found) continue;
        const { arrivalRatePerS, low, high } = result.capacity;
        expect(low).toBeLessThanOrEqual(arrivalRatePerS);
        expect(high).toBeGreaterThanOrEqual(arrivalRatePerS);
        if (Math.abs(arrivalRatePerS / capacity - 1) <= 0.03) within++;
        if (low <= capacity && capacity <= high) covered++;
      }
      expect(within).toBeGreaterThanOrEqual(18);
      expect(covered).toBeGreaterThanOrEqual(18);
    },
  );

  test('the same seed asks the same rates', async () => {
    const [one, two] = [target(1000, 5), target(1000, 5)];
    await searchCapacity(one.search);
    await searchCapacity(two.search);
    expect(one.asked).toEqual(two.asked);
    expect(one.asked.length).toBeLessThanOrEqual(30);
  });

  test('says so when the highest rate still holds, or not even one a second', async () => {
    const strong = target(1e9, 1, 0, 0);
    expect(await searchCapacity({ ...strong.search, to: 3000 })).toMatchObject({
      found: false,
      reason: { code: 'slo-held-at-limit', arrivalRatePerS: 3000 },
    });
    const dead = target(0, 1, 0, 0);
    expect(await searchCapacity(dead.search)).toMatchObject({ found: false, reason: { code: 'slo-never-held' } });
  });

  test('ends with what it has when a probe is stopped', async () => {
    const { search } = target(1000, 1, 0, 0);
    let left = 3;
    const result = await searchCapacity({
      ...search,
      probe: async (rate) => (left-- > 0 ? search.probe(rate) : undefined),
    });
    expect(result).toMatchObject({ found: false, reason: { code: 'search-stopped' } });
    expect(result.probes).toHaveLength(3);
  });

  test('rests between probes, not before the first', async () => {
    const { search, asked } = target(1000, 1);
    let rests = 0;
    await searchCapacity({ ...search, rest: async () => void rests++ });
    expect(rests).toBe(asked.length - 1);
  });
});

describe('capacityPosterior', () => {
  test('without a probe it knows no more than the bracket', () => {
    const { low, high, arrivalRatePerS } = capacityPosterior(100, 400, []).interval();
    expect(arrivalRatePerS).toBeCloseTo(200, -1);
    expect(low).toBeLessThan(110);
    expect(high).toBeGreaterThan(370);
  });

  test('more probes that agree make the interval narrower', () => {
    const width = (repeats: number): number => {
      const probes = Array.from({ length: repeats }, () => [
        { arrivalRatePerS: 990, holds: true },
        { arrivalRatePerS: 1010, holds: false },
      ]).flat();
      const { low, high } = capacityPosterior(500, 2000, probes).interval();
      return high / low;
    };
    expect(width(4)).toBeLessThan(width(1));
    expect(width(4)).toBeLessThan(1.05);
  });

  test('one mishap far below the edge does not move it there', () => {
    const probes = [500, 700, 900, 950, 980].map((arrivalRatePerS) => ({
      arrivalRatePerS,
      holds: arrivalRatePerS !== 700,
    }));
    const { arrivalRatePerS } = capacityPosterior(400, 1500, [
      ...probes,
      ...probes.slice(2),
      { arrivalRatePerS: 1020, holds: false },
      { arrivalRatePerS: 1050, holds: false },
    ]).interval();
    expect(Math.abs(arrivalRatePerS / 1000 - 1)).toBeLessThan(0.03);
  });
});
