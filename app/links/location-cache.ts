/** Remembers where codes lead, for a bounded time and a bounded number of codes. */
export interface LocationCache {
  get(code: string): string | undefined;
  /** Remembers a location that was asked for at `epoch`, unless something has been forgotten since. */
  set(code: string, location: string, epoch: number): void;
  forget(code: string): void;
  clear(): void;
  /** To be taken before a location is asked for. */
  epoch(): number;
  stop(): void;
}

export interface CacheLimits {
  /** Codes per generation; there are two generations. */
  readonly codes: number;
  /** A code is remembered for one to two of these. */
  readonly generationMs: number;
}

/** Two generations of entries instead of a clock per entry: the old one is dropped whole when the young one is full or old. */
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
    set(code, location, askedAt) {
      // An answer that was under way while links changed may be the old one.
      if (askedAt !== epoch) return;
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
