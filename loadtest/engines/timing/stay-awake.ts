// Keeps this process from sleeping while it waits for answers.
import { performance } from 'node:perf_hooks';

/** Looks for events again and again until the returned function is called; reports to `of` how long it only looked. */
export function stayAwake(of: { readonly events: number; polled(ms: number): void }): () => void {
  let { events } = of;
  let lookedAt = performance.now();
  const look = (): void => {
    const now = performance.now();
    if (of.events === events) of.polled(now - lookedAt);
    events = of.events;
    lookedAt = now;
    next = setImmediate(look);
  };
  let next = setImmediate(look);
  return () => clearImmediate(next);
}
