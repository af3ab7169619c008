// One connection of the closed engine, followed by its own events. P-numbers are the entries of docs/autocannon.md.
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Finding } from '../../model/finding.ts';
import { loadFinding } from '../messages.ts';
import { guardReading } from './closed-reading.ts';
import { type Connects, leaveToTarget, unseenMs } from './connects.ts';
import type { RequestBytes } from './http/request-bytes.ts';
import type { Tally } from './tally.ts';

/** What of autocannon's client is used, beyond its types too (lib/httpClient.js of 9.0.0). */
export type ClosedClient = {
  on(event: 'request', listener: () => void): void;
  on(event: 'response', listener: (status: number) => void): void;
  on(event: 'headers', listener: (head: { statusCode: number; shouldKeepAlive: boolean }) => void): void;
  on(event: 'connError', listener: (error: NodeJS.ErrnoException) => void): void;
  /** After so many requests: reopens the connection at the next response, and emits no event for that response. */
  reconnectRate: number | undefined;
  _connect(): void;
  _resetConnection(): void;
  conn: Socket;
  pipelinedRequests: { clear(): void; addBody(body: unknown): void };
  parser: { type: string; state: string; reinitialize(type: string): void; execute(bytes: Buffer): unknown };
};

/** P38: where no socket can be made, connecting fails before the process hears anything else: without a pause it would never hear of its end. */
const retryMs = 10;

/** What the connections of one stage share. */
export type ClosedFlow = {
  /** Routes in the order in which they are sent. */
  readonly sequence: readonly number[];
  /** Of each route. */
  readonly requests: readonly RequestBytes[];
  readonly tally: Tally;
  readonly connects: Connects;
  readonly secure: boolean;
  readonly timeoutS: number;
  isRunning(): boolean;
  stop(reason: Finding): void;
};

/** A connection's request on its way. */
export type Flight = { readonly route: () => number; open: boolean; sentAt: number };

/**
 * Counts by our own clock and our own request count: P2 (autocannon's latency is cut to whole ms), P3 (its queue pairs answers with wrong
 * requests after an error), P6 (it calls 3xx a failure), P9 (it miscounts what it sent). `first`: where in the sequence it begins.
 */
export function followClient(client: ClosedClient, flow: ClosedFlow, first: number): Flight {
  const { sequence, tally } = flow;
  const reading = guardReading(client);
  const connecting = connectInTurn(client, flow);
  let index = first - 1;
  let socket: Socket | undefined;
  /** Bytes of `socket` that are counted, and the answers that came on it. */
  let read = 0;
  let answers = 0;
  let lastStatus = 0;
  let errorCode: string | undefined;
  const request = (): RequestBytes => flow.requests[flight.route()] as RequestBytes;
  const flight: Flight = { route: () => sequence[index % sequence.length] as number, open: false, sentAt: 0 };

  const countRead = (): void => {
    const now = socket?.bytesRead ?? 0;
    tally.carried(0, now - read);
    read = now;
  };

  const answered = (status: number): void => {
    if (!flow.isRunning() || !flight.open) return;
    // P37: such answers come at any rate, and all of them would count.
    if (reading.isUnasked()) {
      flow.stop(loadFinding('unasked-answer'));
      return;
    }
    // P14: autocannon treats an informational response as the response, and sends a second request beside the first.
    if (status < 200) {
      flow.stop(loadFinding('informational-answer', { status }));
      return;
    }
    flight.open = false;
    answers++;
    countRead();
    tally.answered(flight.route(), status, (performance.now() - flight.sentAt) * 1000);
  };

  /** Sent again without an answer: the connection was replaced by a new one. Says whether the request itself goes out again. */
  const replaced = (): boolean => {
    const ageMs = performance.now() - flight.sentAt;
    const isWhole = client.parser.state === 'BODY_RAW' && errorCode === undefined;
    const isUnseen = (socket?.bytesRead ?? 0) === read;
    const mayRepeat = request().repeatable && answers > 0 && isUnseen && ageMs < unseenMs(connecting.tookMs);
    replaceSocket(client, socket);
    if (errorCode === undefined && ageMs >= flow.timeoutS * 1000 - 1) tally.timedOut(flight.route(), ageMs * 1000);
    // A body without a length ends with its connection.
    else if (isWhole) answered(lastStatus);
    // A server may close a connection while a request is on its way to it, which it then has not seen.
    else if (mayRepeat) {
      tally.repeated();
      return true;
    } else tally.failed(flight.route(), errorCode ?? 'CLOSED');
    countRead();
    return false;
  };

  client.on('request', () => {
    if (!flow.isRunning()) return;
    const isRepeated = flight.open && replaced();
    errorCode = undefined;
    if (socket !== client.conn) [socket, read, answers] = [client.conn, 0, 0];
    index++;
    tally.carried(request().bytes.length, 0);
    if (isRepeated) return;
    flight.open = true;
    flight.sentAt = performance.now();
    tally.sent();
  });
  client.on('response', answered);
  client.on('connError', (error) => {
    errorCode = error.code ?? error.message;
  });

  // P5: after an answer that says "Connection: close" the next request would go into a socket that the target closes.
  client.on('headers', ({ statusCode, shouldKeepAlive }) => {
    if (shouldKeepAlive || statusCode < 200) return;
    lastStatus = statusCode;
    client.reconnectRate = 1;
  });
  client._resetConnection = () => {
    answered(lastStatus);
    detach(client, client.conn);
    leaveToTarget(client.conn);
    client._connect();
  };
  return flight;
}

/** `tookMs`: of the connection that is open. */
function connectInTurn(client: ClosedClient, flow: ClosedFlow): { readonly tookMs: number } {
  const { connects, secure, isRunning } = flow;
  const connecting = { tookMs: 0 };
  const connect = client._connect.bind(client);
  let isOpened = true;
  let isWaiting = false;
  const open = (): void => {
    client.reconnectRate = undefined;
    isOpened = false;
    const beganAt = performance.now();
    connect();
    client.conn.once(secure ? 'secureConnect' : 'connect', () => {
      isOpened = true;
      connecting.tookMs = performance.now() - beganAt;
      connects.opened(connecting.tookMs);
    });
  };
  client._connect = () => {
    if (isOpened) open();
    else if (!isWaiting) {
      // TLS says of one end that it was an end and an error.
      isWaiting = true;
      setTimeout(() => {
        isWaiting = false;
        if (isRunning()) open();
      }, retryMs);
    }
  };
  return connecting;
}

/** P3, P4, P5: the old socket must not speak into the new one's parser, nor its unanswered request stand in the queue. */
function replaceSocket(client: ClosedClient, old: Socket | undefined): void {
  if (old && old !== client.conn) {
    detach(client, old);
    old.destroy();
  }
  client.pipelinedRequests.clear();
  client.parser.reinitialize(client.parser.type);
}

function detach(client: ClosedClient, old: Socket): void {
  for (const event of ['data', 'end', 'error']) old.removeAllListeners(event);
  old.on('error', () => {}); // Without a listener the socket would throw an error that no longer matters.
  old.resume();
  client.pipelinedRequests.clear();
}
