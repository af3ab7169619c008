// Which connection an arrival takes.
import { performance } from 'node:perf_hooks';
import type { OpenOrder } from './stage-order.ts';

/**
 * Connections that are opened before the stage and used in turn: so many that each is used about twice a second, which no
 * server's keep-alive limit cuts off, and which spreads the load over the workers behind them.
 */
const turnS = 0.5;
const mostRegulars = 256;

/** What a connection is asked for here. */
type Member = { expire(now: number): void; leave(): void };

export type WaitingRoom<C> = {
  readonly regulars: readonly C[];
  /** A free connection; undefined when all are taken and no more are allowed. */
  take(): C | undefined;
  release(connection: C): void;
  /** Ends requests whose time is over. */
  sweep(): void;
  /** Ends the wait for all. */
  leave(): void;
  all(): readonly C[];
};

/** Regular connections first, in turn; then others, the last used first; then new ones up to the order's limit. */
export function startWaitingRoom<C extends Member>(order: OpenOrder, create: () => C): WaitingRoom<C> {
  const rate = Math.max(order.arrivalRatePerS.from, order.arrivalRatePerS.to) / order.generators;
  const size = Math.min(order.maxConnections, mostRegulars, Math.max(4, Math.ceil(rate * turnS)));
  const regulars = Array.from({ length: size }, create);
  const isRegular = new Set(regulars);
  const all = [...regulars];
  // A ring: the one that has been free for the longest is taken next.
  const ring = [...regulars];
  let oldest = 0;
  let free = size;
  const others: C[] = [];
  return {
    regulars,
    take() {
      if (free > 0) {
        const connection = ring[oldest];
        oldest = oldest + 1 === size ? 0 : oldest + 1;
        free--;
        return connection;
      }
      const other = others.pop();
      if (other !== undefined || all.length >= order.maxConnections) return other;
      const added = create();
      all.push(added);
      return added;
    },
    release(connection) {
      if (!isRegular.has(connection)) {
        others.push(connection);
        return;
      }
      const end = oldest + free;
      ring[end < size ? end : end - size] = connection;
      free++;
    },
    sweep() {
      const now = performance.now();
      for (const connection of all) connection.expire(now);
    },
    leave() {
      for (const connection of all) connection.leave();
    },
    all: () => all,
  };
}
