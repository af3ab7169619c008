// The seconds of a stage, by our own clock, its end, and the watchdog over the target.
import { performance } from 'node:perf_hooks';
import type { Finding } from '../../model/finding.ts';
import type { LoadLine } from '../../model/second.ts';
import { loadFinding } from '../messages.ts';
import type { Tally } from './tally.ts';

/** Without a response for this long while every connection fails, the target is dead, and load on it would only go on failing. */
const deadAfterMs = 2000;

/** The end of a stage, which comes once: without a reason when its time is over. */
type StageEnd = {
  stop(reason?: Finding): void;
  readonly isOver: () => boolean;
  readonly over: Promise<Finding | undefined>;
};

/** `atEnd` is called at once when the end comes. */
export function stageEnd(atEnd: (reason?: Finding) => void = () => {}): StageEnd {
  let isOver = false;
  let resolve: (reason?: Finding) => void = () => {};
  const over = new Promise<Finding | undefined>((resolveOver) => {
    resolve = resolveOver;
  });
  const stop = (reason?: Finding): void => {
    if (isOver) return;
    isOver = true;
    atEnd(reason);
    resolve(reason);
  };
  return { stop, isOver: () => isOver, over };
}

type Passing = {
  readonly startedAt: number;
  readonly tally: Tally;
  readonly emit: (line: LoadLine) => void;
  readonly end: StageEnd;
};

/**
 * Emits a line for each second of a stage but the last, and returns why it ended before its time: `end` was brought about, `signal` was aborted, or
 * the target is dead.
 */
export async function passSeconds(
  order: { readonly durationS: number; readonly timeoutS: number },
  passing: Passing,
  signal: AbortSignal,
): Promise<Finding | undefined> {
  const { end } = passing;
  const onAbort = (): void => end.stop(signal.reason as Finding);
  const cancel = everySecond(order, passing);
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const reason = await end.over;
  cancel();
  signal.removeEventListener('abort', onAbort);
  return reason;
}

/** Returns what cancels it. */
function everySecond(
  { durationS, timeoutS }: { readonly durationS: number; readonly timeoutS: number },
  { startedAt, tally, emit, end: { stop } }: Passing,
): () => void {
  let second = 0;
  let sent = 0;
  let completed = 0;
  let errors = 0;
  let failingSeconds = 0;
  let quietSince = startedAt;
  let timer: NodeJS.Timeout;
  const dueAt = (): number => startedAt + Math.min(second, durationS) * 1000;
  const tick = (): void => {
    const now = performance.now();
    // Timers count whole milliseconds and may fire a fraction of one early.
    if (now < dueAt()) {
      timer = setTimeout(tick, 1);
      return;
    }
    if (second >= durationS) {
      stop();
      return;
    }
    // At a low arrival rate there may have been nothing to answer.
    if (tally.completed > completed || (tally.totalSent === sent && tally.open === 0)) {
      completed = tally.completed;
      quietSince = now;
    }
    sent = tally.totalSent;
    const quietMs = now - quietSince;
    // One failure while other requests or its own retry wait does not show a dead target: a slow response may be under way.
    failingSeconds = tally.connectionErrors - errors >= Math.max(1, tally.open) ? failingSeconds + 1 : 0;
    errors = tally.connectionErrors;
    emit(tally.cutSecond());
    if (quietMs >= (failingSeconds > 1 ? deadAfterMs : timeoutS * 1000 + 1000)) {
      stop(loadFinding('target-silent', { silentMs: quietMs }));
      return;
    }
    schedule();
  };
  const schedule = (): void => {
    second++;
    timer = setTimeout(tick, Math.max(0, dueAt() - performance.now()));
  };
  schedule();
  return () => clearTimeout(timer);
}
