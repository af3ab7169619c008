// The open engine: arrivals on a schedule that does not depend on the server.
import { performance } from 'node:perf_hooks';
import type { LoadLine, StageEndLine } from '../../model/second.ts';
import { Connection } from './connection.ts';
import { startConnectionQueue } from './connection-queue.ts';
import { drain } from './drain.ts';
import { passSeconds, stageEnd } from './every-second.ts';
import { closeFlow, countUnopened, createFlow, type Flow, leaveFlow, type Sender, sweepFlow } from './flow.ts';
import type { RequestBytes } from './http/request-bytes.ts';
import { openLoad } from './open-load.ts';
import type { OpenOrder, ReplayOrder } from './stage-order.ts';
import { monotonicAt, sleepUntil } from './timing/clock.ts';
import { pace } from './timing/pace.ts';
import { traceLoad } from './trace.ts';
import { walkLoad } from './walk-load.ts';

/** The longest pause of this process that it makes up for: with more lag, the generator cannot sustain the rate. */
const patienceMs = 50;

/**
 * Runs one open stage and emits a line for each second and one for its end; when requests are in flight at the end, one more
 * line counts how they ended. Ends early, with the reason in the last line, when the target stops responding or `signal` aborts.
 */
export async function runOpenStage(
  order: OpenOrder | ReplayOrder,
  emit: (line: LoadLine | StageEndLine) => void,
  signal: AbortSignal,
): Promise<Flow> {
  const begin = monotonicAt(order.startAt);
  const isWalk = order.kind === 'open' && order.walk !== undefined;
  const load = isWalk ? walkLoad({ ...order, walk: order.walk }) : traceLoad(openLoad(order), order);
  const { next, route, requestOf, tally, ratePerS, walks } = load;
  const release = (connection: Sender, request: RequestBytes): void => {
    if (!walks?.goesOn(connection, request)) queue.release(connection);
  };
  const flow = createFlow(order, { tally, requestOf, release });
  const limits = { maxConnections: order.maxConnections, ratePerS, generators: order.generators };
  const queue = startConnectionQueue<Sender>(limits, () => new Connection(flow));
  const opened = Promise.all(order.closesEach ? [] : queue.all().map((connection) => connection.open()));
  void opened.then(() => collectBefore(begin));
  await sleepUntil(begin, signal);
  const unopened = order.closesEach ? {} : countUnopened(queue.all());
  tally.begin();

  const latestMs = longestDelayMs(limits);
  const arrive = (intendedAt: number, now: number): boolean => {
    const due = route();
    if (now - intendedAt > latestMs) {
      tally.late();
      walks?.notSent();
      return false;
    }
    const connection = queue.take();
    if (connection) connection.send(due, intendedAt);
    else {
      tally.dropped();
      walks?.notSent();
    }
    return connection !== undefined;
  };
  const sweep = sweepFlow(flow);
  const arrivals = pace(() => next(begin), arrive, tally, order.polls ? Number.POSITIVE_INFINITY : undefined);
  walks?.begin(arrivals.wake);
  const end = stageEnd((reason) => {
    if (reason === undefined) arrivals.end();
    else arrivals.cancel();
    walks?.end();
  });
  const aborted = await passSeconds(order, { startedAt: begin, tally, emit, end }, signal);
  emit(tally.cutSecond());

  await drain(tally, aborted === undefined ? order.timeoutS : 0, () => leaveFlow(flow), emit, signal);
  clearInterval(sweep);
  emit({ ...tally.end(aborted), connections: { ...flow.dialer.summary(), ...unopened } });
  closeFlow(flow);
  await opened;
  return flow;
}

/** Both collections take a tenth of this. */
const collectAheadMs = 200;

/**
 * What was made for a stage stays until its end: two collections of the nursery move it out of there before requests are due. A full one
 * would throw away code whose objects are all gone for now. (Only with `node --expose-gc`.)
 */
function collectBefore(begin: number): void {
  if (begin - performance.now() < collectAheadMs) return;
  globalThis.gc?.({ type: 'minor' });
  globalThis.gc?.({ type: 'minor' });
}

/** As many may wait for this process as may be in flight, and all for a while; who would wait longer is not sent. */
function longestDelayMs({
  maxConnections,
  ratePerS,
}: {
  readonly maxConnections: number;
  readonly ratePerS: number;
}): number {
  return Math.max(patienceMs, (maxConnections / ratePerS) * 1000);
}
