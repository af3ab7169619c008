import type { StageEndLine } from '../../model/second.ts';
import type { StopReason } from './load-plan.ts';

/** A stage without load: waits, or ends early with the signal. */
export function idle(stage: number, durationS: number, signal: AbortSignal): Promise<StageEndLine> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      const aborted = signal.aborted && { aborted: (signal.reason as StopReason).reason };
      resolve({
        kind: 'stage-end',
        stage,
        generator: 0,
        finishedAt: new Date().toISOString(),
        routeLatencyUs: {},
        ...aborted,
        errors: {},
      });
    };
    const timer = setTimeout(end, durationS * 1000);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
