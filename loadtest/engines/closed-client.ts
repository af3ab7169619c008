// One connection of the closed engine, followed by its own events. P-numbers are the entries of docs/autocannon.md.
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Finding } from '../../model/finding.ts';
import { loadFinding } from '../messages.ts';
import { guardReading } from './closed-reading.ts';
import { type ClosedClient, connectInTurn, detach, replaceSocket } from './closed-socket.ts';
import { type Connects, leaveToTarget, unseenMs } from './connects.ts';
import type { RequestBytes } from './http/request-bytes.ts';
import type { Tally } from './tally.ts';

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

/** A connection and what is known of it. */
type Followed = Flight & {
  readonly client: ClosedClient;
  readonly flow: ClosedFlow;
  readonly reading: ReturnType<typeof guardReading>;
  readonly connecting: { readonly tookMs: number };
  index: number;
  socket: Socket | undefined;
  /** Bytes of `socket` that are counted, and the answers that came on it. */
  read: number;
  answers: number;
  lastStatus: number;
  errorCode: string | undefined;
};

/**
 * Counts by our own clock and our own request count: P2 (autocannon's latency is cut to whole ms), P3 (its queue pairs answers with wrong
 * requests after an error), P6 (it calls 3xx a failure), P9 (it miscounts what it sent). `first`: where in the sequence it begins.
 */
export function followClient(client: ClosedClient, flow: ClosedFlow, first: number): Flight {
  const { sequence } = flow;
  const followed: Followed = {
    client,
    flow,
    reading: guardReading(client, () => flow.tally.events++),
    connecting: connectInTurn(client, flow),
    route: () => sequence[followed.index % sequence.length] as number,
    index: first - 1,
    open: false,
    sentAt: 0,
    socket: undefined,
    read: 0,
    answers: 0,
    lastStatus: 0,
    errorCode: undefined,
  };
  client.on('request', () => countRequest(followed));
  client.on('response', (status) => countAnswer(followed, status));
  client.on('connError', (error) => {
    followed.errorCode = error.code ?? error.message;
  });
  obeyClose(followed);
  return followed;
}

function countRequest(followed: Followed): void {
  const { client, flow } = followed;
  if (!flow.isRunning()) return;
  const isRepeated = followed.open && takeUnanswered(followed) === 'repeat';
  followed.errorCode = undefined;
  if (followed.socket !== client.conn) {
    followed.socket = client.conn;
    followed.read = 0;
    followed.answers = 0;
  }
  followed.index++;
  flow.tally.carried(requestOf(followed).bytes.length, 0);
  if (isRepeated) return;
  followed.open = true;
  followed.sentAt = performance.now();
  flow.tally.sent();
}

function requestOf({ flow, route }: Followed): RequestBytes {
  return flow.requests[route()] as RequestBytes;
}

function countAnswer(followed: Followed, status: number): void {
  const { flow, reading } = followed;
  if (!flow.isRunning() || !followed.open) return;
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
  followed.open = false;
  followed.answers++;
  countRead(followed);
  flow.tally.answered(followed.route(), status, (performance.now() - followed.sentAt) * 1000);
}

function countRead(followed: Followed): void {
  const now = followed.socket?.bytesRead ?? 0;
  followed.flow.tally.carried(0, now - followed.read);
  followed.read = now;
}

/** Sent again without an answer: the connection was replaced by a new one. Says whether the request itself goes out again. */
function takeUnanswered(followed: Followed): 'repeat' | 'ended' {
  const { client, flow, socket, errorCode, answers, read } = followed;
  const ageMs = performance.now() - followed.sentAt;
  const isWhole = client.parser.state === 'BODY_RAW' && errorCode === undefined;
  const isUnseen = (socket?.bytesRead ?? 0) === read;
  const mayRepeat =
    requestOf(followed).repeatable && answers > 0 && isUnseen && ageMs < unseenMs(followed.connecting.tookMs);
  replaceSocket(client, socket);
  if (errorCode === undefined && ageMs >= flow.timeoutS * 1000 - 1) flow.tally.timedOut(followed.route(), ageMs * 1000);
  // A body without a length ends with its connection.
  else if (isWhole) countAnswer(followed, followed.lastStatus);
  // A server may close a connection while a request is on its way to it, which it then has not seen.
  else if (mayRepeat) {
    flow.tally.repeated();
    return 'repeat';
  } else flow.tally.failed(followed.route(), errorCode ?? 'CLOSED');
  countRead(followed);
  return 'ended';
}

/** P5: after an answer that says "Connection: close" the next request would go into a socket that the target closes. */
function obeyClose(followed: Followed): void {
  const { client } = followed;
  client.on('headers', ({ statusCode, shouldKeepAlive }) => {
    if (shouldKeepAlive || statusCode < 200) return;
    followed.lastStatus = statusCode;
    client.reconnectRate = 1;
  });
  client._resetConnection = () => {
    countAnswer(followed, followed.lastStatus);
    detach(client, client.conn);
    leaveToTarget(client.conn);
    client._connect();
  };
}
