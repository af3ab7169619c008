// Lets arrivals happen when they are due.
import { performance } from 'node:perf_hooks';
import type { Pauses } from './pauses.ts';

/**
 * So many late ones at most before answers are read again: after a pause of this process, all at once would take as many connections
 * as there are, and opening and cycling through them takes longer than the lag that it would remove.
 */
const mostAtOnce = 32;

/** Nearer than this, the clock is polled: timers count whole milliseconds and come up to one late. */
const pollWithinMs = 2;

/**
 * Calls `arrive` at each time that `next` gives (`performance.now()`; Infinity ends it), late ones as soon as possible and none twice.
 * Sleeps while the next one is further away than `withinMs`; reports to `polling` how long it only polled. `end` lets those arrive that are due by now,
 * and ends it; `cancel` only ends it; `wake`: `next`, which then only looks, may give an earlier time than before. `arrive` says whether it has sent a request, or dropped it.
 */
export function pace(
  next: () => number,
  arrive: (intendedAt: number, now: number) => boolean,
  polling: { readonly events: number; polled(ms: number): void; readonly pauses: Pick<Pauses, 'looked' | 'sleeps'> },
  withinMs = pollWithinMs,
): { end(): void; cancel(): void; wake(): void } {
  let due = next();
  const alarm = createAlarm(() => look());
  let lookedAt = Number.NaN;
  let events = -1;
  // Up to a time and no further, so that answers are read between two batches however late this is.
  const arriveUntil = (now: number, most: number): void => {
    for (let sent = 0; due <= now && sent < most; due = next()) {
      if (arrive(due, now)) sent++;
    }
  };
  const look = (): void => {
    const now = performance.now();
    polling.pauses.looked(now);
    if (due > now && polling.events === events) polling.polled(now - lookedAt);
    arriveUntil(now, mostAtOnce);
    if (due === Number.POSITIVE_INFINITY) return;
    const aheadMs = due - now;
    if (aheadMs > withinMs) {
      events = -1;
      // A timer of more than 2^31 ms fires at once.
      const sleepMs = Math.min(Math.floor(aheadMs - 1), 60_000);
      // A timer may fire up to a millisecond late.
      polling.pauses.sleeps(now + sleepMs + 1);
      alarm.after(sleepMs);
    } else {
      events = polling.events;
      lookedAt = now;
      alarm.soon();
    }
  };
  const begin = (): void => {
    // Until now there was nothing to do.
    polling.pauses.sleeps(performance.now());
    look();
  };
  begin();
  return {
    end: () => {
      alarm.cancel();
      arriveUntil(performance.now(), Number.POSITIVE_INFINITY);
    },
    cancel: alarm.cancel,
    wake: () => {
      const earlier = next();
      if (earlier >= due) return;
      due = earlier;
      alarm.cancel();
      begin();
    },
  };
}

/** One call that is to come. */
function createAlarm(call: () => void) {
  let timer: NodeJS.Timeout | undefined;
  let immediate: NodeJS.Immediate | undefined;
  return {
    after(ms: number): void {
      timer = setTimeout(call, ms);
    },
    soon(): void {
      immediate = setImmediate(call);
    },
    cancel(): void {
      clearTimeout(timer);
      clearImmediate(immediate);
    },
  };
}
