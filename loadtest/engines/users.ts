// Closed stages with think time: each of N users sends, waits for the answer, thinks, and sends again.
import { performance } from 'node:perf_hooks';
import type { Finding } from '../../model/finding.ts';
import type { LoadLine, StageEndLine } from '../../model/second.ts';
import { Connection } from './connection.ts';
import { drain } from './drain.ts';
import { everySecond } from './every-second.ts';
import { closeFlow, createFlow, leaveFlow, type Sender, sweepFlow } from './flow.ts';
import { requestsOf } from './http/request-bytes.ts';
import { requestSequence } from './mix.ts';
import { OpenTally } from './open-tally.ts';
import type { ClosedOrder } from './stage-order.ts';
import { routeTable } from './statuses.ts';

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
  const thinking = new Map<Sender, NodeJS.Timeout>();
  let sent = 0;
  let running = true;
  let stop: (reason?: Finding) => void = () => {};
  const think = (user: Sender, forMs: number): void => {
    if (!running) return;
    const wantsAt = performance.now() + forMs;
    thinking.set(
      user,
      setTimeout(() => user.send(sequence[sent++ % sequence.length] as number, wantsAt), forMs),
    );
  };
  const tally = new OpenTally(order.stage, order.generator, routeTable(order.routes));
  const flow = createFlow(order, { tally, requestOf: requestsOf(order), release: (user) => think(user, thinkMs) });
  const users = Array.from({ length: order.connections }, () => new Connection(flow));
  if (!order.closesEach) await Promise.all(users.map((user) => user.open()));

  tally.begin();
  const sweep = sweepFlow(flow);
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
  await drain(tally, aborted === undefined ? order.timeoutS : 0, () => leaveFlow(flow), emit, signal);
  clearInterval(sweep);
  emit({ ...tally.end(aborted), connections: flow.dialer.summary() });
  closeFlow(flow);
}
