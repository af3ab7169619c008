// Which connection an arrival takes.

/** This many seconds of arrivals find an open connection from the first one on, if ... */
const openedS = 0.5;
/** ... that is no more, of all generators together, than servers hold by default with ease (nginx of Debian: 768 in all). */
const mostOpened = 256;
/**
 * Of these, so many are used in turn, which spreads the load over the workers behind them. The others are spare, for when
 * the server stalls: turning through all of them would cost caches more than it spreads.
 */
const mostInTurn = 64;

type ConnectionQueue<C> = {
  /** A free connection; undefined when all are taken and no more are allowed. */
  take(): C | undefined;
  release(connection: C): void;
  /** All that there are; before the first arrival, those that are to be opened. */
  all(): readonly C[];
};

type Limits = { readonly maxConnections: number; readonly ratePerS: number; readonly generators: number };

/** How many connections there are before the first arrival. */
export function openedAtFirst({ maxConnections, ratePerS, generators }: Limits): number {
  const most = Math.max(1, Math.floor(mostOpened / generators));
  return Math.min(maxConnections, most, Math.max(4, Math.ceil(ratePerS * openedS)));
}

/**
 * First each that was opened, once: a server with threads (gunicorn's gthread) has one wait at a connection without a request, and a spare one
 * would keep it from all others. Then those in turn; then spare ones, the last used first; then new ones up to the limit. `ratePerS`: the
 * highest of this generator.
 */
export function startConnectionQueue<C extends object>(limits: Limits, create: () => C): ConnectionQueue<C> {
  const { maxConnections } = limits;
  const opened = openedAtFirst(limits);
  const size = Math.min(opened, mostInTurn);
  const all = Array.from({ length: opened }, create);
  let begun = 0;
  // A ring: the one that has been free for the longest is taken next.
  const ring: C[] = new Array(size);
  const inTurn = new Set(all.slice(0, size));
  const spare: C[] = [];
  let oldest = 0;
  let free = 0;
  return {
    take() {
      if (begun < opened) return all[begun++];
      if (free > 0) {
        const connection = ring[oldest];
        oldest = oldest + 1 === size ? 0 : oldest + 1;
        free--;
        return connection;
      }
      const other = spare.pop();
      if (other !== undefined || all.length >= maxConnections) return other;
      const added = create();
      all.push(added);
      return added;
    },
    release(connection) {
      if (!inTurn.has(connection)) {
        spare.push(connection);
        return;
      }
      const end = oldest + free;
      ring[end < size ? end : end - size] = connection;
      free++;
    },
    all: () => all,
  };
}
