import { performance } from 'node:perf_hooks';
import { describe, expect, test } from '@jest/globals';
import { Pauses } from '../../../engines/timing/pauses.ts';

/** Uses the CPU for so long, however long the machine takes to let it. */
function work(ms: number): void {
  const begin = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(begin);
    if (user + system >= ms * 1000) return;
  }
}

/** Uses none, and lets nothing else of this process run. */
const stand = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

function between(act: () => void): { pauses: Pauses; gapMs: number } {
  const pauses = new Pauses();
  const begin = performance.now();
  pauses.looked(begin);
  act();
  const end = performance.now();
  pauses.looked(end);
  return { pauses, gapMs: end - begin };
}

describe('Pauses', () => {
  test('a process that works on something else has paused itself', () => {
    const { pauses, gapMs } = between(() => work(100));
    expect(pauses.pausedMs).toBeGreaterThan(80);
    expect(pauses.pausedMs + pauses.stalledMs).toBeCloseTo(gapMs, 3);
  });

  test('a process that does not get the CPU was stalled', () => {
    const { pauses, gapMs } = between(() => stand(40));
    expect(pauses.stalledMs).toBeGreaterThan(35);
    expect(pauses.pausedMs + pauses.stalledMs).toBeCloseTo(gapMs, 3);
  });

  test('sleep that was asked for is neither, and a reset forgets', () => {
    const pauses = new Pauses();
    pauses.sleeps(performance.now() + 40);
    stand(39.5);
    pauses.looked(performance.now());
    expect(pauses.pausedMs).toBeLessThan(5);
    pauses.reset();
    expect(pauses).toMatchObject({ stalledMs: 0, pausedMs: 0 });
  });
});
