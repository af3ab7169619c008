// What makes tests of the engines hold on any machine.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

/** Ends a stage when its server has seen so many requests, however long that takes. */
export function endAfter(requests: number): { readonly signal: AbortSignal; seen(): void } {
  const end = new AbortController();
  let left = requests;
  return {
    signal: end.signal,
    seen: () => {
      if (--left === 0) end.abort({ code: 'interrupted' });
    },
  };
}

/** A process that stands still for longer is no generator: what it times is itself. */
const longestStallMs = 80;
/** What fails so often is the failure of the test, whatever the machine did. */
const mostTries = 10;

/**
 * The body of a test that is about time. What fails while this process did not run says nothing, and is done again; what fails while it ran
 * is the failure of the test, and so is the tenth in a row. Everything that the body counts is to be its own.
 */
export function steady<Words extends unknown[]>(
  body: (...words: Words) => Promise<void>,
): (...words: Words) => Promise<void> {
  return async (...words) => {
    for (let tries = 1; ; tries++) {
      const delay = monitorEventLoopDelay({ resolution: 5 });
      delay.enable();
      try {
        return await body(...words);
      } catch (failure) {
        // So that the last stall is noticed too.
        await wait(20);
        if (delay.max < longestStallMs * 1e6 || tries === mostTries) throw failure;
      } finally {
        delay.disable();
      }
    }
  };
}

/** The value that half of all are below. */
export const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
