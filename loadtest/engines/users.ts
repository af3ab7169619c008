// Closed stages with think time: each of N users sends, waits for the answer, thinks, and sends again.
import { performance } from 'node:perf_hooks';
import type { Finding } from '../../model/finding.ts';
import type { LoadLine, StageEndLine } from '../../model/second.ts';
import { Connection, createFlow } from './connection.ts';
import { drain } from './drain.ts';
import { everySecond } from './every-second.ts';
import { requestSequence } from './mix.ts';
import { startOpenTally } from './open-tally.ts';
import type { ClosedOrder } from './stage-order.ts';

const sweepMs = 20;

/**
 * Runs one closed stage whose users think for `thinkTimeS` between an answer and their next request; the first requests are spread
 * over one such time, or all users would send in waves. Latency counts from when a user intends to send.
 */
export async function runUsersStage(
  order: ClosedOrder & { readonly thinkTimeS: number },
  emit: (line: LoadLine | StageEndLine) => void,
  signal: AbortSignal,
): Promise<void> {
  const sequence = requestSequence(order.routes);
  const thinkMs = order.thinkTimeS * 1000;
  const thinking = new Map<Connection, NodeJS.Timeout>();
  let sent = 0;
  let running = true;
  let stop: (reason?: Finding) => void = () => {};
  const think = (user: Connection, forMs: number): void => {
    if (!running) return;
    const wantsAt = performance.now() + forMs;
    thinking.set(
      user,
      setTimeout(() => user.send(sequence[sent++ % sequence.length] as number, wantsAt), forMs),
    );
  };
  const flow = createFlow(order, {
    tally: startOpenTally(order),
    release: (user) => think(user, thinkMs),
    stop: (reason) => stop(reason),
  });
  const users = Array.from({ length: order.connections }, () => new Connection(flow));
  await Promise.all(users.map((user) => user.open()));

  const { tally } = Object.assign(flow, { tally: startOpenTally(order) });
  const sweep = setInterval(() => {
    const now = performance.now();
    for (const user of users) user.expire(now);
  }, sweepMs);
  let aborted: Finding | undefined;
  const onAbort = (): void => stop(signal.reason as Finding);
  await new Promise<void>((resolve) => {
    const cancelSeconds = everySecond(performance.now(), order.durationS, tally, order.timeoutS, emit, (reason) =>
      stop(reason),
    );
    stop = (reason) => {
      running = false;
      aborted = reason;
      cancelSeconds();
      for (const timer of thinking.values()) clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      stop = () => {};
      resolve();
    };
    for (const [index, user] of users.entries()) think(user, (thinkMs * index) / users.length);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
  emit(tally.cutSecond());
  const leave = (): void => {
    for (const user of users) user.leave();
  };
  await drain(tally, aborted === undefined ? order.timeoutS : 0, leave, emit, signal);
  clearInterval(sweep);
  emit(tally.end(aborted));
  await Promise.all(users.map((user) => user.close()));
}
