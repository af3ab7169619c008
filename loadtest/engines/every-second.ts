// The seconds of a stage, by our own clock, and the watchdog over the target.
import { performance } from 'node:perf_hooks';
import type { Finding } from '../../model/finding.ts';
import type { LoadLine } from '../../model/second.ts';
import { loadFinding } from '../messages.ts';
import type { Tally } from './tally.ts';

/** Without a response for this long while every connection fails, the target is dead, and load on it would only go on failing. */
const deadAfterMs = 2000;

/**
 * Emits a line for each second but the last, and calls `stop` when the time is over, or with a reason when the target is dead.
 * Returns what cancels it.
 */
export function everySecond(
  startedAt: number,
  durationS: number,
  tally: Tally,
  timeoutS: number,
  emit: (line: LoadLine) => void,
  stop: (reason?: Finding) => void,
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
