// One connection of undici and the request on it. The only file that imports undici.

import { performance } from 'node:perf_hooks';
import { buildConnector, Client, type Dispatcher } from 'undici';
import type { Finding } from '../../model/finding.ts';
import type { Route } from '../../model/profile.ts';
import { loadFinding } from '../messages.ts';
import type { OpenTally } from './open-tally.ts';
import { onread, readQuickly } from './quick-socket.ts';

/** As large as browsers take; Node's own limit of 16 KiB would make an error of what users get answered. */
const maxHeaderSize = 256 * 1024;

/** What undici says of a request that it cannot write; all others are about the connection. */
const unsendable = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED', 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH']);

/** One for all connections: undici would make one for each, and the stack traces of hundreds take a tenth of a second. */
const stageOver = new Error('the stage is over');

/** What connections of one stage share. */
export type Flow = {
  readonly origin: string;
  readonly requests: readonly Dispatcher.DispatchOptions[];
  readonly connector: buildConnector.connector;
  readonly timeoutMs: number;
  /** Replaced when the stage begins: what opening connections took is not part of it. */
  tally: OpenTally;
  /** A connection is free again, however its request ended. */
  readonly release: (connection: Connection) => void;
  readonly stop: (reason: Finding) => void;
};

/** Makes what all connections of a stage share. */
export function createFlow(
  order: {
    readonly origin: string;
    readonly routes: readonly Route[];
    readonly timeoutS: number;
    readonly insecure: boolean;
  },
  rest: Pick<Flow, 'tally' | 'release' | 'stop'>,
): Flow {
  return {
    ...rest,
    origin: order.origin,
    requests: order.routes.map(buildRequest),
    connector: createConnector(order),
    timeoutMs: order.timeoutS * 1000,
  };
}

/**
 * One connection and the request on it. It is itself undici's handler of that request, in the form of undici's own core (onConnect,
 * onHeaders ...): the newer form (onRequestStart ...) is wrapped by undici in two more objects per request, which cost time.
 */
export class Connection implements Dispatcher.DispatchHandler {
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
    if (unsendable.has(error.code ?? '')) this.#flow.stop(loadFinding('request-refused', { reason: error.message }));
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

  /** The stage is over and the response no longer counts. */
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

function createConnector(order: { readonly origin: string; readonly timeoutS: number; readonly insecure: boolean }) {
  const encrypted = order.origin.startsWith('https:');
  const connect = buildConnector({
    allowH2: false,
    // Behind the sweep, which makes a time-out of it whether the connection or the answer is late.
    timeout: order.timeoutS * 1000 + 1000,
    rejectUnauthorized: !order.insecure,
    ...(!encrypted && { onread }),
  } as buildConnector.BuildOptions);
  if (encrypted) return connect;
  return ((options, callback) =>
    connect(options, (...result) => {
      if (result[1]) readQuickly(result[1]);
      callback(...result);
    })) satisfies buildConnector.connector;
}

/** undici has one code for many endings; its message separates them, and there are few. */
function codeOf(error: NodeJS.ErrnoException): string {
  if (error.code === undefined) return error.message;
  return error.code === 'UND_ERR_SOCKET' ? `${error.code} (${error.message})` : error.code;
}

function buildRequest(route: Route): Dispatcher.DispatchOptions {
  const headers = Object.entries(route.headers).flat();
  return {
    method: route.method,
    path: route.path,
    ...(headers.length > 0 && { headers }),
    ...(route.body !== undefined && { body: Buffer.from(route.body) }),
    blocking: false,
    // By default undici closes the connection after each HEAD.
    ...(route.method === 'HEAD' && { reset: false }),
  };
}
