// One instant for all generators, on the clock that no time service sets.
import { performance } from 'node:perf_hooks';

/** What `performance.now()` will say at `epochMs`. */
export function monotonicAt(epochMs: number): number {
  // Date.now() counts whole milliseconds: at its next tick it is right to some microseconds, in every process alike.
  const before = Date.now();
  let wall = before;
  while (wall === before) wall = Date.now();
  return performance.now() + (epochMs - wall);
}

/** Resolves at the given `performance.now()`, or as soon as possible when it has passed; asleep but for the last two ms. */
export function sleepUntil(monotonicMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      const leftMs = monotonicMs - performance.now();
      if (leftMs <= 0 || signal.aborted) resolve();
      else if (leftMs > 2) setTimeout(look, Math.min(leftMs - 1.5, 100));
      else setImmediate(look);
    };
    look();
  });
}
