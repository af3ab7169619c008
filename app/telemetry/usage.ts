import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/** How busy the event loop of a worker was over the last second. */
export interface AppUsage {
  readonly type: 'app-usage';
  readonly pid: number;
  /** 0..1 */
  readonly eventLoopUtilization: number;
  /** The longest delay of a timer. */
  readonly eventLoopDelayMaxMs: number;
}

const RESOLUTION_MS = 20;
const SECOND_MS = 1000;

/** Reports the usage of this process once per second; returns a function that stops it. */
export function reportUsage(report: (usage: AppUsage) => void): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let before = performance.eventLoopUtilization();
  const timer = setInterval(() => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    // The histogram holds the intervals between two ticks, which include the resolution.
    const eventLoopDelayMaxMs = Math.max(0, delay.max / 1e6 - RESOLUTION_MS);
    delay.reset();
    report({ type: 'app-usage', pid: process.pid, eventLoopUtilization: utilization, eventLoopDelayMaxMs });
  }, SECOND_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    delay.disable();
  };
}
