// Walks in an open stage: each arrival begins one.
import { performance } from 'node:perf_hooks';
import type { OpenLoad } from './open-load.ts';
import type { OpenOrder, WalkOrder } from './stage-order.ts';
import { startThinking } from './thinking.ts';
import { scheduleArrivals } from './timing/arrivals.ts';
import { Walking } from './walking.ts';
import type { Walker } from './walks/walker.ts';

/** The load of an order with a walk. Steps without a pause go out on the connection of the step before. */
export function walkLoad(order: OpenOrder & { readonly walk: WalkOrder }): OpenLoad {
  const { from, to } = order.arrivalRatePerS;
  const tally = new Walking(order);
  const thinking = startThinking<Walker>();
  const schedule = scheduleArrivals(order);
  let arrivalS = schedule();
  let arrivalAt = Number.NaN;
  let due: Walker | undefined;
  let wake: (() => void) | undefined;
  return {
    next: (begin) => {
      arrivalAt = begin + arrivalS * 1000;
      return Math.min(arrivalAt, thinking.readyAt());
    },
    route: () => {
      if (thinking.readyAt() <= arrivalAt) {
        due = thinking.take();
        return due.step;
      }
      due = undefined;
      arrivalS = schedule();
      return 0;
    },
    // One that is not sent has no user.
    requestOf: () => due ?? tally.beginWalk(),
    nameOf: (route) => order.routes[route]?.name ?? '',
    tally,
    ratePerS: (Math.max(from, to) * order.routes.length) / order.generators,
    walks: {
      begin: (wakeUp) => {
        wake = wakeUp;
      },
      end: () => {
        wake = undefined;
      },
      notSent: () => tally.notSent(due),
      goesOn: (connection, request) => {
        const walker = request as Walker;
        const pauseMs = tally.stepEnded(walker);
        if (pauseMs === undefined || !wake) return false;
        if (pauseMs > 0) {
          thinking.add(walker, performance.now() + pauseMs);
          wake();
          return false;
        }
        due = walker;
        connection.send(walker.step, performance.now());
        return true;
      },
    },
  };
}
