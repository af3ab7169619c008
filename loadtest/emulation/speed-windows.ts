// Windows of a redis SET on the measured core, between the blocks of a run: how fast that core is beside the vCPUs of EC2.
import { type BlockFigure, medianOf } from '../../model/block.ts';
import { type Probe, slowProbe } from './probe.ts';
import type { RedisSpeed } from './redis-speed.ts';

export type SpeedWindows = {
  /** Measures one. */
  window(): Promise<void>;
  /** Microseconds per SET over the undisturbed windows; undefined before the first. */
  summary():
    | { readonly value: number; readonly low: number; readonly high: number; readonly windows: number }
    | undefined;
};

/** Collects the windows of `redis`, each between two probes. */
export function collectWindows(redis: RedisSpeed, probe: Probe): SpeedWindows {
  const windows: { readonly setUs: number; readonly probeMs: number }[] = [];
  return {
    window: async () => {
      const before = await probe.run(400);
      const found = await redis.window();
      const after = await probe.run();
      if (found) windows.push({ setUs: found.setUs, probeMs: Math.max(before, after) });
    },
    summary: () => {
      const limitMs = slowProbe * (probe.undisturbedMs() ?? Number.POSITIVE_INFINITY);
      const clean = windows.filter(({ probeMs }) => probeMs <= limitMs).map(({ setUs }) => setUs);
      const figure: BlockFigure | undefined = medianOf(clean);
      if (!figure) return undefined;
      const { blocks, ...interval } = figure;
      return { ...interval, windows: blocks };
    },
  };
}
