// What the open engine sends, and when: a mix of routes on a schedule, or the requests of a log at their own moments.
import { pathAt } from '../replay/request-table.ts';
import type { Sender } from './flow.ts';
import { encodeRequest, type RequestBytes, requestsOf } from './http/request-bytes.ts';
import { requestSequence } from './mix.ts';
import { OpenTally } from './open-tally.ts';
import { ReplayTally } from './replay-tally.ts';
import type { OpenOrder, ReplayOrder } from './stage-order.ts';
import { routeTable } from './statuses.ts';
import { scheduleArrivals } from './timing/arrivals.ts';

export type OpenLoad = {
  /** The next intended start of a stage that begins then (`performance.now()`); Infinity when there are no more. */
  readonly next: (begin: number) => number;
  /** Number of the route of each arrival in turn. */
  readonly route: () => number;
  readonly requestOf: (route: number) => RequestBytes;
  /** Its name, as in the tally. */
  readonly nameOf: (route: number) => string;
  readonly tally: OpenTally;
  /** The highest of this generator. */
  readonly ratePerS: number;
  readonly walks?: OpenWalks;
};

/** Requests that follow from answers. */
type OpenWalks = {
  /** `wake`: there may be an earlier start than before. */
  begin(wake: () => void): void;
  /** No more steps are sent. */
  end(): void;
  /** The request that was due last was not sent. */
  notSent(): void;
  /** A request has ended; true: the next step of its walk is on the connection already. */
  goesOn(connection: Sender, request: RequestBytes): boolean;
};

/** The load of an order. */
export function openLoad(order: OpenOrder | ReplayOrder): OpenLoad {
  return order.kind === 'open' ? mixLoad(order) : replayLoad(order);
}

function mixLoad(order: OpenOrder): OpenLoad {
  const { generator, generators } = order;
  const { from, to } = order.arrivalRatePerS;
  const sequence = requestSequence(order.routes);
  const arrivalS = scheduleArrivals(order);
  let index = generator - generators;
  return {
    next: (begin) => begin + arrivalS() * 1000,
    route: () => {
      index += generators;
      return sequence[index % sequence.length] as number;
    },
    requestOf: requestsOf(order),
    nameOf: (route) => order.routes[route]?.name ?? '',
    tally: new OpenTally(order.stage, generator, routeTable(order.routes)),
    ratePerS: Math.max(from, to) / generators,
  };
}

/** Bytes are made when they are sent: those of a million requests would take a GiB. */
function replayLoad(order: ReplayOrder): OpenLoad {
  const { requests, atS, request, bodies, generator, generators } = order;
  const { host } = new URL(order.origin);
  const hasType = Object.keys(order.headers).some((name) => name.toLowerCase() === 'content-type');
  let [due, sent] = [0, 0];
  return {
    next: (begin) => (due < atS.length ? begin + (atS[due++] as number) * 1000 : Number.POSITIVE_INFINITY),
    route: () => request[sent++] as number,
    requestOf: (number) => {
      const method = requests.methods[requests.method[number] as number] as string;
      const body = bodies[method]?.replaceAll('{n}', String(generator + generators * (sent - 1)));
      const json = body !== undefined && /^\s*[[{]/.test(body);
      const type = json ? 'application/json' : 'application/x-www-form-urlencoded';
      const typed = body && !hasType;
      const headers = typed ? { ...order.headers, 'content-type': type } : order.headers;
      const path = pathAt(requests, number);
      return encodeRequest(host, { method, path, headers, ...(body !== undefined && { body }) });
    },
    nameOf: (number) => order.names[order.nameOf[number] as number] ?? '',
    tally: new ReplayTally(order),
    ratePerS: order.peakPerS / generators,
  };
}
