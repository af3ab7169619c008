import type { LinkStore } from './store.ts';

/** Counts visits in memory and hands them to the store in batches; a crash loses at most one interval. */
export interface VisitCounter {
  count(code: string): void;
  /** Writes what has been counted. */
  flush(): Promise<void>;
  /** Writes what is left and stops. */
  stop(): Promise<void>;
}

export interface VisitCounting {
  readonly intervalMs: number;
  /** Told when a batch could not be written; its counts stay and are tried again. */
  readonly onFailure: (cause: unknown) => void;
}

/** Starts to count visits for a store. */
export function countVisits(store: LinkStore, { intervalMs, onFailure }: VisitCounting): VisitCounter {
  // Boxed, so that a visit costs one look into the map and not two.
  let counts = new Map<string, { visits: number }>();
  let writing: Promise<void> | undefined;

  const add = (code: string, visits: number): void => {
    const known = counts.get(code);
    if (known) known.visits += visits;
    else counts.set(code, { visits });
  };
  const write = async (): Promise<void> => {
    const batch = counts;
    counts = new Map();
    try {
      await store.addVisits(new Map([...batch].map(([code, { visits }]) => [code, visits])));
    } catch (cause) {
      for (const [code, { visits }] of batch) add(code, visits);
      onFailure(cause);
    }
  };
  const flush = async (): Promise<void> => {
    await writing;
    if (counts.size === 0) return;
    writing = write();
    await writing;
  };
  const timer = setInterval(flush, intervalMs);
  timer.unref();

  return {
    count: (code) => add(code, 1),
    flush,
    async stop() {
      clearInterval(timer);
      await flush();
    },
  };
}
