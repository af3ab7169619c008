// What an open stage counts beyond the tally that both engines share: arrivals, drops, schedule lag, requests in flight.
import { performance } from 'node:perf_hooks';
import type { Finding } from '../../model/finding.ts';
import { createHistogram, encodeHistogram, recordUs } from '../../model/histogram.ts';
import type { LoadLine, StageEndLine } from '../../model/second.ts';
import type { OpenOrder } from './stage-order.ts';
import { startTally } from './tally.ts';

/** Times are those of `performance.now()`, in milliseconds. */
export type OpenTally = {
  /** An arrival fell due and got a connection. */
  sent(): void;
  /** An arrival fell due and every connection was taken. */
  dropped(): void;
  /** A request is on its way. */
  started(intendedAt: number, startedAt: number): void;
  answered(route: number, status: number, intendedAt: number, startedAt: number): void;
  timedOut(route: number, intendedAt: number, startedAt: number): void;
  failed(route: number, code: string): void;
  /** Still open when the wait is over. */
  leftOpen(route: number, intendedAt: number, startedAt: number): void;
  /** The event loop did nothing but look at the clock for so long. */
  polled(ms: number): void;
  /** Grows with whatever happens to requests. */
  events(): number;
  totalSent(): number;
  open(): number;
  completed(): number;
  connectionErrors(): number;
  cutSecond(): LoadLine;
  /** The line behind the last second: how what was in flight then has ended. */
  cutGrace(): LoadLine;
  end(aborted?: Finding): StageEndLine;
};

/** Starts counting at once. */
export function startOpenTally(order: Pick<OpenOrder, 'stage' | 'generator' | 'routes'>): OpenTally {
  const tally = startTally(order.stage, order.generator, order.routes);
  const expected = order.routes.map((route) => new Set(route.expect));
  const lag = createHistogram();
  const raw = createHistogram();
  let slowestRawUs = 0;
  let intended = 0;
  let dropped = 0;
  let inFlight = 0;
  let inFlightMs = 0;
  let changedAt = performance.now();
  let polledMs = 0;
  let events = 0;

  const changeInFlight = (by: number, now: number): void => {
    inFlightMs += inFlight * (now - changedAt);
    changedAt = now;
    inFlight += by;
    events++;
  };
  const recordRaw = (us: number): void => {
    if (us > slowestRawUs) slowestRawUs = us;
    recordUs(raw, us);
  };

  return {
    sent() {
      intended++;
      tally.sent();
    },
    dropped() {
      intended++;
      dropped++;
    },
    started(intendedAt, startedAt) {
      changeInFlight(1, startedAt);
      recordUs(lag, (startedAt - intendedAt) * 1000);
    },
    answered(route, status, intendedAt, startedAt) {
      const now = performance.now();
      changeInFlight(-1, now);
      tally.answered(route, status, (now - intendedAt) * 1000);
      if (expected[route]?.has(status)) recordRaw((now - startedAt) * 1000);
    },
    timedOut(route, intendedAt, startedAt) {
      const now = performance.now();
      changeInFlight(-1, now);
      tally.timedOut(route, (now - intendedAt) * 1000);
      recordRaw((now - startedAt) * 1000);
    },
    failed(route, code) {
      changeInFlight(-1, performance.now());
      tally.failed(route, code);
    },
    leftOpen(route, intendedAt, startedAt) {
      const now = performance.now();
      tally.leftOpen(route, (now - intendedAt) * 1000);
      const rawUs = (now - startedAt) * 1000;
      if (tally.completed() > 0 && rawUs > slowestRawUs) recordUs(raw, rawUs);
    },
    polled(ms) {
      polledMs += ms;
    },
    events: () => events,
    totalSent: tally.totalSent,
    open: tally.open,
    completed: tally.completed,
    connectionErrors: tally.connectionErrors,
    cutSecond() {
      changeInFlight(0, performance.now());
      const line = tally.cutSecond();
      const polledShare = line.durationS > 0 ? polledMs / 1000 / line.durationS : 0;
      const cut: LoadLine = {
        ...line,
        intended,
        dropped,
        ...(lag.totalCount > 0 && { lagUs: encodeHistogram(lag) }),
        inFlightS: inFlightMs / 1000,
        eventLoopUtilization: Math.max(0, line.eventLoopUtilization - polledShare),
      };
      lag.reset();
      intended = 0;
      dropped = 0;
      inFlightMs = 0;
      polledMs = 0;
      return cut;
    },
    cutGrace() {
      const { inFlightS: _, ...line } = this.cutSecond();
      return { ...line, durationS: 0 };
    },
    end: (aborted) => ({
      ...tally.end(aborted),
      ...(raw.totalCount > 0 && { rawLatencyUs: encodeHistogram(raw) }),
    }),
  };
}
