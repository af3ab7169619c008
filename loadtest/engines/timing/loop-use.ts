// How much of its time an event loop works; looking for something to do is no work.
import { performance } from 'node:perf_hooks';

export class LoopUse {
  #beganAt = 0;
  #polledMs = 0;
  #before = performance.eventLoopUtilization();

  begin(): void {
    this.#beganAt = performance.now();
    this.#polledMs = 0;
    this.#before = performance.eventLoopUtilization();
  }

  /** The loop only looked for something to do. */
  polled(ms: number): void {
    this.#polledMs += ms;
  }

  /** Share of the time since the begin, 0 to 1. */
  share(): number {
    const passedMs = performance.now() - this.#beganAt;
    const { utilization } = performance.eventLoopUtilization(this.#before);
    return Math.max(0, Math.min(1, utilization) - (passedMs > 0 ? this.#polledMs / passedMs : 0));
  }
}
