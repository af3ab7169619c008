// What the connections of one stage share, and what is done with all of them.
import { performance } from 'node:perf_hooks';
import { Dialer } from './dial.ts';
import type { RequestBytes } from './http/request-bytes.ts';
import type { OpenTally } from './open-tally.ts';

/** How often requests are looked at for their time-out. */
const sweepMs = 20;

/** What a stage asks of its connections. */
export type Sender = {
  /** A request can be written now. */
  readonly connected: boolean;
  /** Opens it ahead of the first request. One that cannot be opened is tried again, and its error counted, by that request. */
  open(): Promise<void>;
  /** Sends route number `route`, due at `intendedAt` (`performance.now()`). */
  send(route: number, intendedAt: number): void;
  /** Ends its request when the time of that is over. */
  expire(now: number): void;
  /** The stage is over and the response no longer counts. */
  leave(): void;
  /** Closes the socket; the next request opens another. */
  drop(): void;
  /** The same if no request is on it. */
  dropIdle(): void;
};

/** What connections of one stage share. */
export type Flow = {
  /** What is sent for a route. */
  readonly requestOf: (route: number) => RequestBytes;
  readonly dialer: Dialer;
  readonly timeoutMs: number;
  readonly tally: OpenTally;
  /** All that were made. */
  readonly connections: Sender[];
  /** The target has kept a connection open after an answer. */
  keeps: boolean;
  /** It has ended one after its first answer, and kept none: none is held open for it. */
  closesEach: boolean;
  /** A connection is free again, however its request ended. */
  readonly release: (connection: Sender, request: RequestBytes) => void;
};

/** Makes what all connections of a stage share. */
export function createFlow(
  order: {
    readonly origin: string;
    readonly timeoutS: number;
    readonly insecure: boolean;
    readonly closesEach?: boolean;
  },
  rest: Pick<Flow, 'tally' | 'release' | 'requestOf'>,
): Flow {
  return {
    ...rest,
    dialer: new Dialer(order),
    timeoutMs: order.timeoutS * 1000,
    connections: [],
    keeps: false,
    closesEach: order.closesEach === true,
  };
}

/** How many have no open connection, which goes into the record of their stage; nothing where all have one. */
export function countUnopened(connections: readonly Sender[]): { readonly unopened?: number } {
  const unopened = connections.filter(({ connected }) => !connected).length;
  return unopened > 0 ? { unopened } : {};
}

/** Ends requests whose time is over, from now on until the timer is cleared. */
export function sweepFlow({ connections }: Flow): NodeJS.Timeout {
  return setInterval(() => {
    const now = performance.now();
    for (const connection of connections) connection.expire(now);
  }, sweepMs);
}

/** Ends the wait for all answers. What is over its time-out by then is a time-out, though no sweep has come to it. */
export function leaveFlow({ connections }: Flow): void {
  const now = performance.now();
  for (const connection of connections) {
    connection.expire(now);
    connection.leave();
  }
}

export function closeFlow({ connections }: Flow): void {
  for (const connection of connections) connection.drop();
}
