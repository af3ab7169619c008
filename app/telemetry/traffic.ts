import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { Request, RequestHandler } from 'express';

/** Upper bounds of the latency buckets, in seconds. */
export const BUCKETS_S = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5];

/** The counts of one method, route and status. */
export interface Tally {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  count: number;
  totalS: number;
  /** One count per bucket, not cumulative; the last one is for slower requests. */
  readonly buckets: number[];
  lastS: number;
  lastBucket: number;
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'DELETE']);

export type Traffic = ReturnType<typeof countTraffic>;

/** Counts requests in plain numbers, because a metrics library costs more than a redirect. */
export function countTraffic() {
  const tallies = new Map<string, Tally>();
  return {
    record(tally: Tally, startedMs: number): void {
      const seconds = (performance.now() - startedMs) / 1000;
      let at = 0;
      while (at < BUCKETS_S.length && seconds > (BUCKETS_S[at] as number)) at += 1;
      tally.lastS = seconds;
      tally.lastBucket = at;
      this.repeat(tally);
    },
    /** Counts one more request, with the duration of the last recorded one. */
    repeat(tally: Tally): void {
      tally.count += 1;
      tally.totalS += tally.lastS;
      (tally.buckets[tally.lastBucket] as number) += 1;
    },
    tally(method: string, route: string, status: number): Tally {
      const verb = METHODS.has(method) ? method : 'other';
      const key = `${verb} ${route} ${status}`;
      const known = tallies.get(key);
      if (known) return known;
      const buckets = Array(BUCKETS_S.length + 1).fill(0);
      const tally = { method: verb, route, status, count: 0, totalS: 0, buckets, lastS: 0, lastBucket: 0 };
      tallies.set(key, tally);
      return tally;
    },
    tallies: (): Iterable<Tally> => tallies.values(),
  };
}

/** Counts every request that reaches Express, by the route that handled it. */
export function countRequests(traffic: Traffic): RequestHandler {
  return (req, res, next) => {
    const startedMs = performance.now();
    res.once('close', () => traffic.record(traffic.tally(req.method, routeOf(req), statusOf(req, res)), startedMs));
    next();
  };
}

function routeOf(req: Request): string {
  const path: unknown = req.route?.path;
  if (typeof path === 'string') return path;
  return req.originalUrl.startsWith('/static/') ? '/static' : 'none';
}

// nginx's status for a client that closed the connection before the response.
const CLIENT_GONE = 499;

function statusOf(_req: IncomingMessage, res: ServerResponse): number {
  return res.writableFinished ? res.statusCode : CLIENT_GONE;
}
