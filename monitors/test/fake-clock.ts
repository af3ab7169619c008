import type { Clock } from '../datadog/clock.ts';

/** A clock whose waits take no time: `now` goes on by what was slept, and `onSleep` is told before. */
export function fakeClock(
  startMs: number,
  onSleep: (nowMs: number) => void = () => undefined,
): Clock & { slept: number[] } {
  let now = startMs;
  const slept: number[] = [];
  return {
    slept,
    now: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      slept.push(ms);
      now += ms;
      onSleep(now);
    },
  };
}
