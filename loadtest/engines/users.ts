// Closed stages with think time, or with walks: each of N users sends, waits for the answer, thinks, and sends again.
import { performance } from 'node:perf_hooks';
import type { LoadLine, StageEndLine } from '../../model/second.ts';
import { Connection } from './connection.ts';
import { drain } from './drain.ts';
import { passSeconds, stageEnd } from './every-second.ts';
import { closeFlow, countUnopened, createFlow, type Flow, leaveFlow, type Sender, sweepFlow } from './flow.ts';
import { type RequestBytes, requestsOf } from './http/request-bytes.ts';
import { requestSequence } from './mix.ts';
import { OpenTally } from './open-tally.ts';
import type { ClosedOrder, WalkOrder } from './stage-order.ts';
import { routeTable } from './statuses.ts';
import { startThinking } from './thinking.ts';
import { pace } from './timing/pace.ts';
import { Walking } from './walking.ts';
import type { Walker } from './walks/walker.ts';

/**
 * Runs one closed stage whose users think for `thinkTimeS` between an answer and their next request; the first requests are spread
 * over one such time, or all users would send in waves. Latency counts from when a user intends to send.
 */
export async function runUsersStage(
  order: ClosedOrder & { readonly thinkTimeS: number },
  emit: (line: LoadLine | StageEndLine) => void,
  signal: AbortSignal,
): Promise<void> {
  const { tally, requestOf, next, ended } = order.walk ? walks({ ...order, walk: order.walk }) : mix(order);
  const thinkMs = order.thinkTimeS * 1000;
  const thinking = startThinking<Sender>();
  let wake = (): void => {};
  const release = (user: Sender, request: RequestBytes): void => {
    ended(user, request);
    thinking.add(user, performance.now() + thinkMs);
    wake();
  };
  const send = (readyAt: number): boolean => {
    const user = thinking.take();
    user.send(next(user), readyAt);
    return true;
  };
  const flow = createFlow(order, { tally, requestOf, release });
  const users = Array.from({ length: order.connections }, () => new Connection(flow));
  if (!order.closesEach) await openAll(users, order.timeoutS, signal);
  const unopened = order.closesEach ? {} : countUnopened(users);

  tally.begin();
  const sweep = sweepFlow(flow);
  const startedAt = performance.now();
  for (const [index, user] of users.entries()) thinking.add(user, startedAt + (thinkMs * index) / users.length);
  const arrivals = pace(thinking.readyAt, send, tally);
  wake = arrivals.wake;
  const end = stageEnd(() => {
    wake = () => {};
    arrivals.cancel();
  });
  const aborted = await passSeconds(order, { startedAt, tally, emit, end }, signal);
  emit(tally.cutSecond());
  await drain(tally, aborted === undefined ? order.timeoutS : 0, () => leaveFlow(flow), emit, signal);
  clearInterval(sweep);
  emit({ ...tally.end(aborted), connections: { ...flow.dialer.summary(), ...unopened } });
  closeFlow(flow);
}

type UsersLoad = {
  readonly tally: OpenTally;
  readonly requestOf: Flow['requestOf'];
  /** Number of the route that a user sends next. */
  readonly next: (user: Sender) => number;
  readonly ended: Flow['release'];
};

function mix(order: ClosedOrder): UsersLoad {
  const sequence = requestSequence(order.routes);
  let sent = 0;
  return {
    tally: new OpenTally(order.stage, order.generator, routeTable(order.routes)),
    requestOf: requestsOf(order),
    next: () => sequence[sent++ % sequence.length] as number,
    ended: () => {},
  };
}

/** Each goes through the steps, and then begins again as another user. */
function walks(order: ClosedOrder & { readonly walk: WalkOrder }): UsersLoad {
  const tally = new Walking(order);
  const walkers = new Map<Sender, Walker>();
  let due: Walker | undefined;
  return {
    tally,
    requestOf: () => due as RequestBytes,
    next: (user) => {
      due = walkers.get(user) ?? tally.beginWalk();
      walkers.set(user, due);
      return due.step;
    },
    ended: (user, request) => {
      if (tally.stepEnded(request as Walker) === undefined) walkers.delete(user);
    },
  };
}

/** Resolves when all are open, or after as long as a request may take: who is not open by then waits for it with a first request. */
async function openAll(users: readonly Sender[], timeoutS: number, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutS * 1000)]);
  const over = new Promise<void>((resolve) => {
    if (limit.aborted) resolve();
    limit.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([Promise.all(users.map((user) => user.open())), over]);
}
