// `--trace`: a W3C trace context on a share of the requests, and the ids of the slowest of them. https://www.w3.org/TR/trace-context/
import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { seededRandom } from '../../model/random.ts';
import type { TracedRequest } from '../../model/traces.ts';
import { insertLine, type RequestBytes } from './http/request-bytes.ts';
import type { OpenLoad } from './open-load.ts';
import type { OpenOrder, ReplayOrder } from './stage-order.ts';

/** Of one generator and stage. */
export const mostTraces = 10;

/** The load with `traceparent` on a share of its requests. Without one the load itself: nothing is added to the way of a request. */
export function traceLoad(load: OpenLoad, order: OpenOrder | ReplayOrder): OpenLoad {
  const { trace: share, generator } = order;
  if (share === undefined) return load;
  const random = seededRandom(generator + ('seed' in order ? order.seed : 0));
  const slowest: TracedRequest[] = [];
  /** Ids of requests on their way, by the time of their start. One that fails stays, which a share of the failures can afford. */
  const open = new Map<number, string>();
  let sampled = 0;
  let startedAt = 0;
  const note = (
    route: number,
    startAt: number,
    intendedAt: number,
    rest: Pick<TracedRequest, 'latencyUs' | 'status'>,
  ) => {
    const traceId = open.get(startAt);
    if (traceId === undefined) return;
    open.delete(startAt);
    const at = new Date(performance.timeOrigin + intendedAt).toISOString();
    slowest.push({ traceId, route: load.nameOf(route), at, ...rest });
    slowest.sort((a, b) => b.latencyUs - a.latencyUs);
    if (slowest.length > mostTraces) slowest.pop();
  };

  const { tally } = load;
  const { started, answeredAt, timedOutAt, end } = tally;
  tally.started = (intendedAt, at) => {
    startedAt = at;
    started.call(tally, intendedAt, at);
  };
  tally.answeredAt = (now, route, status, intendedAt, at) => {
    if (open.size > 0) note(route, at, intendedAt, { latencyUs: Math.round((now - intendedAt) * 1000), status });
    answeredAt.call(tally, now, route, status, intendedAt, at);
  };
  tally.timedOutAt = (now, route, intendedAt, at) => {
    if (open.size > 0) note(route, at, intendedAt, { latencyUs: Math.round((now - intendedAt) * 1000) });
    timedOutAt.call(tally, now, route, intendedAt, at);
  };
  tally.end = (aborted) => ({ ...end.call(tally, aborted), traces: { sampled, slowest } });
  return {
    ...load,
    requestOf: (route) => {
      const request = load.requestOf(route);
      if (random() / 2 ** 32 >= share) return request;
      const traceId = randomBytes(16).toString('hex');
      open.set(startedAt, traceId);
      sampled++;
      return withTrace(request, traceId);
    },
  };
}

/** The sampled flag asks the target's tracer to record it too. */
function withTrace(request: RequestBytes, traceId: string): RequestBytes {
  const bytes = insertLine(request.bytes, `traceparent: 00-${traceId}-${randomBytes(8).toString('hex')}-01`);
  return { ...request, bytes };
}
