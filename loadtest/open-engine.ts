// The open engine: arrivals by the clock, whatever the server does. The only file that imports undici.
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import { buildConnector, Client, type Dispatcher } from 'undici';
import type { LoadLine, StageEndLine } from '../model/second.ts';
import { scheduleArrivals } from './arrivals.ts';
import { monotonicAt, sleepUntil } from './clock.ts';
import { everySecond } from './every-second.ts';
import { requestSequence } from './mix.ts';
import { type OpenTally, startOpenTally } from './open-tally.ts';
import { pace } from './pace.ts';
import type { OpenOrder } from './stage-order.ts';
import { startWaitingRoom } from './waiting-room.ts';

export const undiciVersion: string = createRequire(import.meta.url)('undici/package.json').version;

/** Longest wait, after the last arrival, for answers that are still on their way; with a shorter time-out, that is the limit. */
const graceLimitMs = 5000;

/** How often requests are looked at for their time-out, and the grace period for its end. */
const sweepMs = 20;

/** As large as browsers take; Node's own limit of 16 KiB would make an error of what users get answered. */
const maxHeaderSize = 256 * 1024;

/** What undici says of a request that it cannot write; all others are about the connection. */
const unsendable = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED', 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH']);

/** One for all connections: undici would make one for each, and the stack traces of hundreds take a tenth of a second. */
const stageOver = new Error('the stage is over');

/** What connections of one stage share. */
type Flow = {
  readonly origin: string;
  readonly requests: readonly Dispatcher.DispatchOptions[];
  readonly connector: buildConnector.connector;
  readonly timeoutMs: number;
  tally: OpenTally;
  release(connection: Connection): void;
  stop(reason: string): void;
};

/**
 * Runs one open stage and emits a line for each second and one for its end; when requests are in flight at the end, one more
 * line tells how they ended. Ends early, with the reason in the last line, when the target is dead or `signal` aborts.
 */
export async function runOpenStage(
  order: OpenOrder,
  emit: (line: LoadLine | StageEndLine) => void,
  signal: AbortSignal,
): Promise<void> {
  const begin = monotonicAt(order.startAt);
  const sequence = requestSequence(order.routes);
  let stop: (reason?: string) => void = () => {};
  const flow: Flow = {
    origin: order.origin,
    requests: order.routes.map((_, index) => buildRequest(order, index)),
    connector: buildConnector({
      allowH2: false,
      // Behind the sweep, which makes a time-out of it whether the connection or the answer is late.
      timeout: order.timeoutS * 1000 + 1000,
      rejectUnauthorized: !order.insecure,
    } as buildConnector.BuildOptions),
    timeoutMs: order.timeoutS * 1000,
    tally: startOpenTally(order),
    release: (connection) => room.release(connection),
    stop: (reason) => stop(reason),
  };
  const room = startWaitingRoom(order, () => new Connection(flow));
  const opened = Promise.all(room.all().map((connection) => connection.open()));
  await sleepUntil(begin, signal);
  const { tally } = Object.assign(flow, { tally: startOpenTally(order) });

  let index = order.generator;
  const arrive = (intendedAt: number): void => {
    const connection = room.take();
    if (connection) connection.send(sequence[index % sequence.length] as number, intendedAt);
    else tally.dropped();
    index += order.generators;
  };
  let aborted: string | undefined;
  const onAbort = (): void => stop(String(signal.reason ?? 'stopped'));
  const sweep = setInterval(() => room.sweep(), sweepMs);
  await new Promise<void>((resolve) => {
    const next = scheduleArrivals(order);
    const arrivals = pace(() => begin + next() * 1000, arrive, tally);
    const cancelSeconds = everySecond(begin, order.durationS, tally, order.timeoutS, emit, (reason) => stop(reason));
    stop = (reason) => {
      if (reason === undefined) arrivals.end();
      else arrivals.cancel();
      cancelSeconds();
      signal.removeEventListener('abort', onAbort);
      aborted = reason;
      stop = () => {};
      resolve();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
  emit(tally.cutSecond());

  if (tally.open() > 0) {
    const graceMs = aborted === undefined ? Math.min(order.timeoutS * 1000 + 2 * sweepMs, graceLimitMs) : 0;
    await drained(tally, performance.now() + graceMs, signal);
    room.leave();
    emit(tally.cutGrace());
  }
  clearInterval(sweep);
  emit(tally.end(aborted));
  await opened;
  await Promise.all(room.all().map((connection) => connection.close()));
}

/** Resolves when nothing is in flight, or the grace period is over. */
function drained(tally: OpenTally, until: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (tally.open() === 0 || performance.now() >= until || signal.aborted) resolve();
      else setTimeout(look, sweepMs);
    };
    look();
  });
}

/**
 * One connection and the request on it. It is itself undici's handler of that request, in the form of undici's own core (onConnect,
 * onHeaders ...): the newer form (onRequestStart ...) is wrapped by undici in two more objects per request, which cost time.
 */
class Connection implements Dispatcher.DispatchHandler {
  #flow: Flow;
  #client: Client;
  #connected = false;
  #busy = false;
  #route = 0;
  #intendedAt = 0;
  /** When the request was handed to the socket, or, without a connection, when the connecting began; NaN before. */
  #startedAt = Number.NaN;
  #status = 0;
  #abort: (() => void) | undefined;

  constructor(flow: Flow) {
    this.#flow = flow;
    this.#client = this.#createClient();
  }

  /** Opens it ahead of the first request. One that cannot be opened is tried again, and its error counted, by that request. */
  open(): Promise<void> {
    return new Promise((resolve) => {
      this.#client.dispatch(this.#flow.requests[0] as Dispatcher.DispatchOptions, {
        // undici asks here before it writes: what throws is never written, and the connection stays open.
        onConnect: () => {
          throw new Error('opened');
        },
        onHeaders: () => true,
        onData: () => true,
        onComplete: () => {},
        onError: () => resolve(),
      });
    });
  }

  send(route: number, intendedAt: number): void {
    this.#busy = true;
    this.#route = route;
    this.#intendedAt = intendedAt;
    this.#startedAt = Number.NaN;
    this.#status = 0;
    this.#abort = undefined;
    this.#flow.tally.sent();
    // The time that connecting takes is the server's, not lag of the schedule.
    if (!this.#connected) this.#start();
    this.#client.dispatch(this.#flow.requests[route] as Dispatcher.DispatchOptions, this);
  }

  onConnect(abort: () => void): void {
    this.#abort = abort;
    if (Number.isNaN(this.#startedAt)) this.#start();
  }

  onHeaders(status: number): boolean {
    if (status >= 200) this.#status = status;
    return true;
  }

  onData(): boolean {
    return true;
  }

  onComplete(): void {
    if (!this.#busy) return;
    this.#busy = false;
    this.#flow.tally.answered(this.#route, this.#status, this.#intendedAt, this.#startedAt);
    this.#flow.release(this);
  }

  onError(error: NodeJS.ErrnoException): void {
    if (!this.#busy) return;
    // undici waits for the body that Content-Length speaks of; a 304 has none (RFC 9110, 15.4.5; undici 7, client-h1.js, onMessageComplete).
    if (this.#status === 304 && error.code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
      this.onComplete();
      return;
    }
    this.#busy = false;
    if (Number.isNaN(this.#startedAt)) this.#start();
    this.#flow.tally.failed(this.#route, codeOf(error));
    this.#flow.release(this);
    if (unsendable.has(error.code ?? '')) this.#flow.stop(`undici cannot send this request: ${error.message}`);
  }

  /** Ends the request when its time is over. */
  expire(now: number): void {
    if (!this.#busy || !(now - this.#startedAt >= this.#flow.timeoutMs)) return;
    this.#busy = false;
    if (this.#abort) this.#abort();
    else this.#replaceClient();
    this.#flow.tally.timedOut(this.#route, this.#intendedAt, this.#startedAt);
    this.#flow.release(this);
  }

  /** The stage is over and nobody waits for the answer any more. */
  leave(): void {
    if (!this.#busy) return;
    this.#busy = false;
    if (Number.isNaN(this.#startedAt)) this.#start();
    this.#flow.tally.leftOpen(this.#route, this.#intendedAt, this.#startedAt);
  }

  async close(): Promise<void> {
    await this.#client.destroy(stageOver);
  }

  #start(): void {
    this.#startedAt = performance.now();
    this.#flow.tally.started(this.#intendedAt, this.#startedAt);
  }

  /** A request that still waits for its connection has nothing to abort: it goes with its client. */
  #replaceClient(): void {
    void this.#client.destroy();
    this.#client = this.#createClient();
    this.#connected = false;
  }

  #createClient(): Client {
    const client = new Client(this.#flow.origin, {
      pipelining: 1,
      maxHeaderSize,
      // Our own sweep does the time-outs: these would count the pauses of undici's coarse clock in.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: 600_000,
      connect: this.#flow.connector,
    });
    client.on('connect', () => {
      this.#connected = true;
    });
    client.on('disconnect', () => {
      this.#connected = false;
      if (this.#busy && Number.isNaN(this.#startedAt)) this.#start();
    });
    return client;
  }
}

/** One code stands for many endings in undici; its message tells them apart, and there are few. */
function codeOf(error: NodeJS.ErrnoException): string {
  if (error.code === undefined) return error.message;
  return error.code === 'UND_ERR_SOCKET' ? `${error.code} (${error.message})` : error.code;
}

function buildRequest(order: OpenOrder, index: number): Dispatcher.DispatchOptions {
  const route = order.routes[index];
  if (!route) throw new Error(`no route ${index} in the mix`);
  const headers = Object.entries(route.headers).flat();
  return {
    method: route.method,
    path: route.path,
    ...(headers.length > 0 && { headers }),
    ...(route.body !== undefined && { body: Buffer.from(route.body) }),
    blocking: false,
    // undici closes the connection after each HEAD unless told not to.
    ...(route.method === 'HEAD' && { reset: false }),
  };
}
