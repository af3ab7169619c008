/** Caches the locations of codes, for a bounded time and a bounded number of codes. */
interface LocationCache {
  get(code: string): string | undefined;
  /** Caches a location that was looked up at `epoch`, unless a code has been forgotten since. */
  set(code: string, location: string, epoch: number): void;
  forget(code: string): void;
  clear(): void;
  /** To be read before a location is looked up. */
  epoch(): number;
  stop(): void;
}

interface CacheLimits {
  /** Codes per generation; there are two generations. */
  readonly codes: number;
  /** A code stays cached for one to two generations. */
  readonly generationMs: number;
}

/** Keeps two generations instead of an age per entry: the old one is dropped when the young one is full or has aged. */
export function createLocationCache({ codes, generationMs }: CacheLimits): LocationCache {
  let young = new Map<string, string>();
  let old = new Map<string, string>();
  let epoch = 0;

  const age = (): void => {
    old = young;
    young = new Map();
  };
  const timer = setInterval(age, generationMs);
  timer.unref();

  return {
    get: (code) => young.get(code) ?? old.get(code),
    set(code, location, lookedUpAt) {
      // A lookup that was in progress while links changed may have the old location.
      if (lookedUpAt !== epoch) return;
      if (young.size >= codes) age();
      young.set(code, location);
    },
    forget(code) {
      epoch += 1;
      young.delete(code);
      old.delete(code);
    },
    clear() {
      epoch += 1;
      young.clear();
      old.clear();
    },
    epoch: () => epoch,
    stop: () => clearInterval(timer),
  };
}
