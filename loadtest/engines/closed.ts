// The closed engine: N connections, each sends when answered. The only file that imports autocannon; P-numbers are the entries of
// docs/autocannon.md, the list of what its own figures get wrong.
import { createRequire } from 'node:module';
import { performance } from 'node:perf_hooks';
import autocannon, { type Client } from 'autocannon';
import type { LoadLine, StageEndLine } from '../../model/second.ts';
import { type ClosedFlow, type Flight, followClient } from './closed-client.ts';
import type { ClosedClient } from './closed-socket.ts';
import { Connects } from './connects.ts';
import { passSeconds, stageEnd } from './every-second.ts';
import { type RequestBytes, requestBytes } from './http/request-bytes.ts';
import { requestSequence } from './mix.ts';
import type { ClosedOrder } from './stage-order.ts';
import { routeTable } from './statuses.ts';
import { Tally } from './tally.ts';
import { stayAwake } from './timing/stay-awake.ts';

const { version } = createRequire(import.meta.url)('autocannon/package.json');
// P16: version 8 breaks request bodies, and what is hooked into below was read in 9.
if (!version.startsWith('9.')) throw new Error(`autocannon 9 is needed, ${version} is installed`);

type Request = { readonly requestBuffer: Buffer };
/** What it sends in turn (lib/requestIterator.js of 9.0.0). */
type Iterating = ClosedClient & {
  requestIterator: { requests: readonly Request[]; currentRequest: Request | undefined; resetContext(): void };
};
type Listen = (event: string, listener: (...args: never[]) => void) => ClosedClient;

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
  const requests = buildRequests(order);
  const tally = new Tally(order.stage, order.generator, routeTable(order.routes));
  const flights: Flight[] = [];
  const end = stageEnd();
  const connects = new Connects();
  const inTurn = sequence.map((route) => ({ requestBuffer: (requests[route] as RequestBytes).bytes }));
  const flow: ClosedFlow = {
    sequence,
    requests,
    tally,
    connects,
    secure: order.origin.startsWith('https:'),
    timeoutS: order.timeoutS,
    isRunning: () => !end.isOver(),
    stop: end.stop,
  };
  const setupClient = (made: Client): void => {
    const client = made as unknown as Iterating;
    const offset = Math.floor((flights.length * sequence.length) / order.connections);
    // P24: every connection sends the whole mix, each from another place in it.
    const own = [...inTurn.slice(offset), ...inTurn.slice(0, offset)];
    // What autocannon would build differs from what open stages send.
    client.requestIterator.requests = own;
    client.requestIterator.currentRequest = own[0];
    flights.push(followClient(client, flow, offset));
    leaveOut(client);
  };

  const instance = startAutocannon(order, setupClient);
  const sleep = order.polls ? stayAwake(tally) : () => {};
  // P32: our own seconds; P22: a dead target would be hammered to the end.
  const aborted = await passSeconds(order, { startedAt: performance.now(), tally, emit, end }, signal);
  sleep();
  // P8: what is still open is counted, and shown at its age.
  const now = performance.now();
  for (const flight of flights) {
    if (flight.open) tally.leftOpen(flight.route(), (now - flight.sentAt) * 1000);
  }
  emit(tally.cutSecond());
  emit({ ...tally.end(aborted), connections: connects.summary() });
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
 * What autocannon does on every answer for itself alone, a twentieth of the time: its own count of each event, added after ours (but the
 * end of a client it must hear of), and a fresh context for scripts whenever the mix restarts. Nothing of it is read here.
 */
function leaveOut(client: Iterating): void {
  client.requestIterator.resetContext = () => {};
  const on = client.on.bind(client) as Listen;
  const withoutCounts: Listen = (event, listener) => (event === 'done' ? on(event, listener) : client);
  client.on = withoutCounts as ClosedClient['on'];
}

function buildRequests({ origin, routes }: ClosedOrder): RequestBytes[] {
  // P14: its answers would never be counted.
  const head = routes.find(({ method }) => method === 'HEAD');
  if (head) throw new Error(`a closed stage cannot count HEAD (route ${head.name})`);
  return requestBytes(origin, routes);
}
