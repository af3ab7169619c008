// Windows of a redis SET on the measured core, around the blocks of a run: how fast that core is beside the vCPUs of EC2, and when.
import { quantile } from '../../model/block.ts';
import type { RedisSpeed } from './redis-speed.ts';
import { slowCheck } from './speed-check.ts';

export type SpeedWindows = {
  /** Measures one: microseconds of CPU time per SET, undefined where redis ended. One that ended in the last `maxAgeMs` is given again. */
  window(maxAgeMs?: number): Promise<number | undefined>;
  /** Microseconds per SET on the undisturbed core, as far as is known; undefined before the first window. */
  undisturbedUs(): number | undefined;
  /** The same with its interval, for the record. */
  summary():
    | { readonly value: number; readonly low: number; readonly high: number; readonly windows: number }
    | undefined;
};

/** How far the lower quartiles of two runs on one idle machine lie apart. */
const repeatability = 0.05;

/**
 * Collects the windows of `redis`. What a SET takes undisturbed is the lower quartile of those beside a speed check (`slowness`: that of the last one)
 * that was not slow, of all where each was, or less where earlier runs on this machine (`earlierUs`) took less: a run may lie in a slow spell from
 * end to end.
 */
export function collectWindows(
  redis: RedisSpeed,
  slowness: () => number,
  earlierUs = Number.POSITIVE_INFINITY,
): SpeedWindows {
  const taken: number[] = [];
  const undisturbed: number[] = [];
  let endedAt = Number.NEGATIVE_INFINITY;
  const undisturbedUs = () => {
    const inOrder = [...(undisturbed.length > 0 ? undisturbed : taken)].sort((a, b) => a - b);
    return inOrder.length === 0 ? undefined : Math.min(earlierUs, quantile(inOrder, 0.25));
  };
  return {
    window: async (maxAgeMs = 0) => {
      if (performance.now() - endedAt <= maxAgeMs) return taken.at(-1);
      const found = await redis.window();
      if (!found) return undefined;
      taken.push(found.setUs);
      if (slowness() <= slowCheck) undisturbed.push(found.setUs);
      endedAt = performance.now();
      return found.setUs;
    },
    undisturbedUs,
    summary: () => {
      const value = undisturbedUs();
      if (value === undefined) return undefined;
      return { value, low: value * (1 - repeatability), high: value * (1 + repeatability), windows: taken.length };
    },
  };
}
