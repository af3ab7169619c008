import type { LinkStore } from './store.ts';

/** Counts visits in memory and writes them to the store in batches; a crash loses at most one interval. */
export interface VisitCounter {
  count(code: string): void;
  /** Writes the counts so far. */
  flush(): Promise<void>;
  /** Writes the remaining counts and stops. */
  stop(): Promise<void>;
}

interface VisitCounterOptions {
  readonly intervalMs: number;
  /** Called when a batch could not be written; its counts are kept and retried. */
  readonly onFailure: (cause: unknown) => void;
}

/** Returns a visit counter for a store. */
export function countVisits(store: LinkStore, { intervalMs, onFailure }: VisitCounterOptions): VisitCounter {
  // Boxed, so that a visit costs one map lookup instead of two.
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
