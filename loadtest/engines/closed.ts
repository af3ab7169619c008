// The closed engine: N connections, each sends when answered. The only file that imports autocannon; P-numbers are the entries of
// docs/autocannon.md, the list of what its own figures get wrong.
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import autocannon, { type Client, type Request } from 'autocannon';
import type { Finding } from '../../model/finding.ts';
import type { LoadLine, StageEndLine } from '../../model/second.ts';
import { loadFinding } from '../messages.ts';
import { everySecond } from './every-second.ts';
import { requestSequence } from './mix.ts';
import type { ClosedOrder } from './stage-order.ts';
import { Tally } from './tally.ts';

const { version } = createRequire(import.meta.url)('autocannon/package.json');
// P16: version 8 breaks request bodies, and what is hooked into below was read in 9.
if (!version.startsWith('9.')) throw new Error(`autocannon 9 is needed, ${version} is installed`);

/** What of autocannon's connection is used here beyond its types (lib/httpClient.js of 9.0.0). */
type Connection = Client & {
  on(event: 'request', listener: () => void): void;
  on(event: 'connError', listener: (error: NodeJS.ErrnoException) => void): void;
  /** After so many requests: reopens the connection at the next response, and emits no event for that response. */
  reconnectRate: number | undefined;
  _resetConnection(): void;
  conn: Socket;
  requestIterator: { requests: Request[]; currentRequest: Request | undefined; resetContext(): void };
  pipelinedRequests: { clear(): void };
  parser: { type: string; reinitialize(type: string): void };
};

type Listen = (event: string, listener: (...args: unknown[]) => void) => Client;

/** One connection's request on its way. */
type Flight = {
  index: number;
  open: boolean;
  sentAt: number;
  errorCode: string | undefined;
  socket: Socket | undefined;
};

/**
 * Runs one closed stage and emits a line for each second and one for its end. Ends early, with the reason in the last line, when
 * the target stops answering or `signal` aborts.
 */
export async function runClosedStage(
  order: ClosedOrder,
  emit: (line: LoadLine | StageEndLine) => void,
  signal: AbortSignal,
): Promise<void> {
  const sequence = requestSequence(order.routes);
  const requests = sequence.map((route) => buildRequest(order, route));
  const tally = new Tally(order.stage, order.generator, order.routes);
  const flights: Flight[] = [];
  let running = true;
  let aborted: Finding | undefined;
  let finish: () => void = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const stop = (reason?: Finding): void => {
    if (!running) return;
    running = false;
    aborted = reason;
    finish();
  };

  const setupClient = (client: Client): void => {
    const offset = Math.floor((flights.length * sequence.length) / order.connections);
    // P24: every connection sends the whole mix, each from another place in it.
    const own = [...requests.slice(offset), ...requests.slice(0, offset)];
    if (flights.length === 0) client.setRequests(own);
    else shareRequests(client as Connection, own);
    const flight: Flight = { index: offset - 1, open: false, sentAt: 0, errorCode: undefined, socket: undefined };
    flights.push(flight);
    follow(client as Connection, flight, sequence, tally, order.timeoutS, () => running, stop);
    leaveOut(client as Connection);
  };

  const instance = startAutocannon(order, setupClient);

  const startedAt = performance.now();
  const onAbort = (): void => stop(signal.reason as Finding);
  signal.addEventListener('abort', onAbort, { once: true });
  // P32: our own seconds; P22: a dead target would be hammered to the end.
  const cancel = everySecond(startedAt, order.durationS, tally, order.timeoutS, emit, stop);
  await finished;
  cancel();
  signal.removeEventListener('abort', onAbort);
  // P8: what is still open is counted, and shown at its age.
  const now = performance.now();
  for (const flight of flights) {
    if (flight.open) tally.leftOpen(sequence[flight.index % sequence.length] as number, (now - flight.sentAt) * 1000);
  }
  emit(tally.cutSecond());
  emit(tally.end(aborted));
  instance.stop();
  await instance;
}

function startAutocannon(order: ClosedOrder, setupClient: (client: Client) => void) {
  return autocannon({
    url: order.origin,
    connections: order.connections,
    // Ended by stop() at the stage's own end: P12, its own duration is rounded up to whole samples.
    duration: order.durationS + 60,
    sampleInt: 50,
    timeout: order.timeoutS,
    setupClient,
    // P1, P17-P21: no rate, so nothing is "corrected"; P13, P26-P29, P35: no reconnectRate, no workers, no forever.
    pipelining: 1,
    skipAggregateResult: true,
  } as autocannon.Options) as Promise<unknown> & { stop(): void };
}

/**
 * Follows one connection by its own events, with our own clock and our own request count: P2 (its latency is cut to whole ms),
 * P3 (its queue pairs answers with wrong requests after an error), P6 (it calls 3xx a failure), P9 (it miscounts what it sent).
 */
function follow(
  client: Connection,
  flight: Flight,
  sequence: readonly number[],
  tally: Tally,
  timeoutS: number,
  isRunning: () => boolean,
  stop: (reason: Finding) => void,
): void {
  const route = (): number => sequence[flight.index % sequence.length] as number;

  client.on('request', () => {
    if (!isRunning()) return;
    if (flight.open) {
      // Sent again without an answer: the connection was replaced by a new one.
      const ageMs = performance.now() - flight.sentAt;
      if (flight.errorCode === undefined && ageMs >= timeoutS * 1000 - 1) tally.timedOut(route(), ageMs * 1000);
      else tally.failed(route(), flight.errorCode ?? 'CLOSED');
      flight.errorCode = undefined;
      replaceSocket(client, flight.socket);
    }
    flight.socket = client.conn;
    flight.index++;
    flight.open = true;
    flight.sentAt = performance.now();
    tally.sent();
  });

  const answered = (status: number): void => {
    if (!isRunning() || !flight.open) return;
    // P14: autocannon treats an informational response as the response, and sends a second request beside the first.
    if (status < 200) {
      stop(loadFinding('informational-answer', { status }));
      return;
    }
    flight.open = false;
    tally.answered(route(), status, (performance.now() - flight.sentAt) * 1000);
  };
  client.on('response', answered);

  // P5: after an answer that says "Connection: close" the next request would go into a socket that the target closes.
  let lastStatus = 0;
  client.on('headers', (head: unknown) => {
    const { statusCode, shouldKeepAlive } = head as { statusCode: number; shouldKeepAlive: boolean };
    if (shouldKeepAlive || statusCode < 200) return;
    lastStatus = statusCode;
    client.reconnectRate = 1;
  });
  const reconnect = client._resetConnection.bind(client);
  client._resetConnection = () => {
    client.reconnectRate = undefined;
    answered(lastStatus);
    reconnect();
  };

  client.on('connError', (error: NodeJS.ErrnoException) => {
    flight.errorCode = error.code ?? error.message;
  });
}

/**
 * What autocannon does on every answer for itself alone, a twentieth of the time: its own count of each event, added after ours (but the
 * end of a client it must hear of), and a fresh context for scripts whenever the mix restarts. Nothing of it is read here.
 */
function leaveOut(client: Connection): void {
  client.requestIterator.resetContext = () => {};
  const on = client.on.bind(client) as Listen;
  const withoutCounts: Listen = (event, listener) => (event === 'done' ? on(event, listener) : client);
  client.on = withoutCounts as Connection['on'];
}

/** P3, P4, P5: the old socket must not speak into the new one's parser, nor its unanswered request stand in the queue. */
function replaceSocket(client: Connection, old: Socket | undefined): void {
  if (old && old !== client.conn) {
    old.removeAllListeners('data');
    old.removeAllListeners('end');
    old.removeAllListeners('error');
    old.on('error', () => {}); // Without a listener the socket would throw an error that no longer matters.
    old.destroy();
  }
  client.pipelinedRequests.clear();
  client.parser.reinitialize(client.parser.type);
}

/** The first connection has built the requests; building them again for each of hundreds would hold up the stage's begin. */
function shareRequests(client: Connection, requests: Request[]): void {
  client.requestIterator.requests = requests;
  client.requestIterator.currentRequest = requests[0];
}

function buildRequest(order: ClosedOrder, index: number): Request {
  const route = order.routes[index];
  if (!route) throw new Error(`no route ${index} in the mix`);
  // P14: its answers would never be counted.
  if (route.method === 'HEAD') throw new Error(`a closed stage cannot count HEAD (route ${route.name})`);
  return {
    method: route.method,
    path: route.path,
    headers: route.headers,
    ...(route.body !== undefined && { body: route.body }),
  };
}
