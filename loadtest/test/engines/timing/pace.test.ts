import { performance } from 'node:perf_hooks';
import { describe, expect, test } from '@jest/globals';
import { pace } from '../../../engines/timing/pace.ts';

const pauses = { looked: () => {}, sleeps: () => {} };
const idle = { events: 0, polled: () => {}, pauses };

function from(times: readonly number[]): () => number {
  const left = [...times];
  return () => left.shift() ?? Number.POSITIVE_INFINITY;
}

describe('pace', () => {
  test('arrivals come in order, none before it is due and none twice', async () => {
    const begin = performance.now();
    const due = [5, 5.2, 9, 30, 30, 41].map((ms) => begin + ms);
    const seen: [number, number][] = [];
    await new Promise<void>((resolve) => {
      pace(
        from(due),
        (at) => {
          seen.push([at, performance.now()]);
          if (seen.length === due.length) resolve();
          return true;
        },
        idle,
      );
    });
    expect(seen.map(([at]) => at)).toEqual(due);
    for (const [at, now] of seen) expect(now).toBeGreaterThanOrEqual(at);
  });

  test('waits for more when there are none, and what it slept is no pause', async () => {
    const times: number[] = [];
    const slept: string[] = [];
    const seen: number[] = [];
    const watched = { looked: () => slept.push('looked'), sleeps: () => slept.push('sleeps') };
    const next = (): number => times.shift() ?? Number.POSITIVE_INFINITY;
    const pacing = pace(next, (at) => seen.push(at) > 0, { ...idle, pauses: watched });
    expect(slept).toEqual(['sleeps', 'looked']);
    const due = performance.now() - 1;
    times.push(due);
    pacing.wake();
    expect(seen).toEqual([due]);
    expect(slept).toEqual(['sleeps', 'looked', 'sleeps', 'looked']);
    pacing.cancel();
  });

  test('many late arrivals come in batches, with answers read between them', async () => {
    const now = performance.now();
    const late = Array.from({ length: 100 }, (_, index) => now - 100 + index);
    let seen = 0;
    const pacing = pace(from([...late, now + 60_000]), () => ++seen > 0, idle);
    const after: number[] = [];
    while (seen < late.length) {
      after.push(seen);
      await new Promise((resolve) => setImmediate(resolve));
    }
    pacing.cancel();
    expect(after).toEqual([32, 64, 96]);
  });

  test('what is dropped takes no place in a batch', () => {
    const now = performance.now();
    let seen = 0;
    pace(from(Array.from({ length: 100 }, (_, index) => now - 100 + index)), () => ++seen > 90, idle).cancel();
    expect(seen).toBe(100);
  });

  test('late arrivals come at once', () => {
    const now = performance.now();
    const seen: number[] = [];
    pace(from([now - 50, now - 20, now - 1]), (at) => seen.push(at) > 0, idle);
    expect(seen).toEqual([now - 50, now - 20, now - 1]);
  });

  test('its end lets those arrive that are due, and no more', () => {
    const begin = performance.now();
    const seen: number[] = [];
    const pacing = pace(from([begin + 1, begin + 60_000]), (at) => seen.push(at) > 0, idle);
    while (performance.now() < begin + 2);
    pacing.end();
    expect(seen).toEqual([begin + 1]);
  });

  test('cancelled, it lets nothing arrive', async () => {
    const seen: number[] = [];
    pace(from([performance.now() + 5]), (at) => seen.push(at) > 0, idle).cancel();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(seen).toEqual([]);
  });

  test('tells the time that it only polled, and not what it slept', async () => {
    let polledMs = 0;
    let sleptMs = 0;
    let arrived = 0;
    const begin = performance.now();
    const due = Array.from({ length: 30 }, (_, index) => begin + 10 + index * 10);
    await new Promise<void>((resolve) => {
      const arrive = (): boolean => {
        if (++arrived === due.length) resolve();
        return true;
      };
      // A timer is set to end a millisecond before that, and never ends early.
      const sleeps = (until: number) => (sleptMs += Math.max(0, until - 1 - performance.now()));
      pace(from(due), arrive, { events: 0, pauses: { ...pauses, sleeps }, polled: (ms) => (polledMs += ms) });
    });
    expect(polledMs).toBeGreaterThan(0);
    expect(sleptMs).toBeGreaterThan(0);
    expect(polledMs + sleptMs).toBeLessThan(performance.now() - begin + 1);
  });
});
