/**
 * Caches the locations of codes. Keeps two generations of so many codes and characters instead of an age per entry: the old one is
 * dropped when the young one is full or has aged, so a code stays for one to two generations.
 */
export function createLocationCache({
  codes,
  characters,
  generationMs,
}: {
  readonly codes: number;
  readonly characters: number;
  readonly generationMs: number;
}) {
  let young = new Map<string, string>();
  let old = new Map<string, string>();
  let epoch = 0;
  let size = 0;

  const age = (): void => {
    old = young;
    young = new Map();
    size = 0;
  };
  const timer = setInterval(age, generationMs);
  timer.unref();

  return {
    get: (code: string): string | undefined => young.get(code) ?? old.get(code),
    /** Caches a location that was looked up at an epoch, unless a code has been forgotten since: it may be the old one. */
    set(code: string, location: string, lookedUpAt: number): void {
      if (lookedUpAt !== epoch) return;
      if (young.size >= codes || size >= characters) age();
      young.set(code, location);
      size += code.length + location.length;
    },
    forget(code: string): void {
      epoch += 1;
      young.delete(code);
      old.delete(code);
    },
    clear(): void {
      epoch += 1;
      young.clear();
      old.clear();
      size = 0;
    },
    /** To be read before a location is looked up. */
    epoch: (): number => epoch,
    stop: (): void => clearInterval(timer),
  };
}
