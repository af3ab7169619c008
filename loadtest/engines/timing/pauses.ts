// Separates the two kinds of pauses that make requests late: those in which the machine did not let this process run, and those in
// which it ran something else (collected garbage, compiled, wrote down a second).
import { performance } from 'node:perf_hooks';

/** Shorter gaps between two looks at the clock are work on requests. */
const shortestMs = 1;

/** How old a reading of the CPU time may be that a gap is compared with. */
const oldestMs = 2;

export class Pauses {
  /** Both since the last `reset`. */
  stalledMs = 0;
  pausedMs = 0;
  #lookedAt = performance.now();
  #sampledAt = this.#lookedAt;
  #cpuMs = cpuMs();

  /** To be called whenever the clock has been looked at (`performance.now()`). */
  looked(now: number): void {
    const gapMs = now - this.#lookedAt;
    this.#lookedAt = now;
    if (gapMs >= shortestMs) {
      const ranMs = cpuMs() - this.#cpuMs;
      const stalledMs = Math.min(gapMs, Math.max(0, now - this.#sampledAt - ranMs));
      this.stalledMs += stalledMs;
      this.pausedMs += gapMs - stalledMs;
    } else if (now - this.#sampledAt < oldestMs) return;
    this.#sampledAt = now;
    this.#cpuMs = cpuMs();
  }

  /** Nothing is to be done until then: only what comes after it is a pause. */
  sleeps(until: number): void {
    this.#lookedAt = until;
    this.#sampledAt = until;
    this.#cpuMs = cpuMs();
  }

  reset(): void {
    this.stalledMs = 0;
    this.pausedMs = 0;
  }
}

/** CPU time of this process, in milliseconds. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
