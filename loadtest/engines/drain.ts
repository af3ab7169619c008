// The end of a stage: what is in flight then may still be answered, for a while.
import { performance } from 'node:perf_hooks';
import type { LoadLine } from '../../model/second.ts';
import type { OpenTally } from './open-tally.ts';

/** Longest wait, after the last request, for answers that are still on their way; with a shorter time-out, that is the limit. */
const graceLimitMs = 5000;

const lookMs = 20;

/** Waits for requests in flight, `leave`s the rest, and emits the line that counts how they ended. 0 s waits for nothing. */
export async function drain(
  tally: OpenTally,
  timeoutS: number,
  leave: () => void,
  emit: (line: LoadLine) => void,
  signal: AbortSignal,
): Promise<void> {
  if (tally.open === 0) return;
  await drained(tally, performance.now() + graceMs(timeoutS), signal);
  leave();
  emit(tally.cutGrace());
}

/** The longest wait of a stage with that time-out. */
export function graceMs(timeoutS: number): number {
  // Two looks more than the time-out, so that the sweep has made time-outs of what is over it.
  return timeoutS === 0 ? 0 : Math.min(timeoutS * 1000, graceLimitMs) + 2 * lookMs;
}

/** Resolves when nothing is in flight, or the grace period is over. */
function drained(tally: OpenTally, until: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (tally.open === 0 || performance.now() >= until || signal.aborted) resolve();
      else setTimeout(look, lookMs);
    };
    look();
  });
}
