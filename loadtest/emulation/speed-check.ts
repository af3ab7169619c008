// The fixed computation as a process of its own, asked again and again through a run.
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { quantile } from '../../model/block.ts';
import { endProcess, forkProgram } from '../generators/child.ts';

/**
 * Times the undisturbed check, which lies within 4 % most of the time; a slow spell makes it 1.5 to 1.7. Beside a slower one nothing counts:
 * blocks between checks of 1.15 to 1.2 times cost a quarter more CPU a request than others.
 */
export const slowCheck = 1.12;

export type SpeedCheckOptions = { readonly environment: NodeJS.ProcessEnv; readonly earlierMs?: number | undefined };

export type SpeedCheck = {
  /** CPU time of the fixed computation now, in ms; a figure of the last `maxAgeMs` is given again. */
  run(maxAgeMs?: number): Promise<number>;
  /** What it takes on this core when nothing disturbs it, as far as is known: the lower quartile of all, or less where earlier runs took less. Undefined before the first. */
  undisturbedMs(): number | undefined;
  /** How many times slower than that the core was by the last one; 1 before the first. */
  slowness(): number;
  /** Over the whole run; undefined before the first. */
  summary(): { readonly fastestMs: number; readonly medianMs: number; readonly count: number } | undefined;
  stop(): Promise<void>;
};

/** A process in the groups of `entries`; throws when it does not start. `earlierMs`: what it took in earlier runs. */
export async function startSpeedCheck(
  { environment, earlierMs = Number.POSITIVE_INFINITY }: SpeedCheckOptions,
  entries: readonly string[] = [],
): Promise<SpeedCheck> {
  const child = forkProgram('loadtest/emulation/fixed-work', environment, [], entries);
  child.stdout?.resume();
  child.stderr?.on('data', (said) => process.stderr.write(said));
  await answer(child);
  const taken: number[] = [];
  let last = { ms: 0, endedAt: Number.NEGATIVE_INFINITY };
  const undisturbedMs = () => (taken.length === 0 ? undefined : Math.min(earlierMs, quantile(inOrder(taken), 0.25)));
  return {
    run: async (maxAgeMs = 0) => {
      if (performance.now() - last.endedAt <= maxAgeMs) return last.ms;
      child.send('run');
      const { cpuMs } = (await answer(child)) as { cpuMs: number };
      last = { ms: cpuMs, endedAt: performance.now() };
      taken.push(cpuMs);
      return cpuMs;
    },
    undisturbedMs,
    slowness: () => last.ms / (undisturbedMs() ?? last.ms) || 1,
    summary: () => {
      const sorted = inOrder(taken);
      const [fastestMs] = sorted;
      if (fastestMs === undefined) return undefined;
      return { fastestMs, medianMs: quantile(sorted, 0.5), count: sorted.length };
    },
    stop: () => endProcess(child, 1000),
  };
}

function inOrder(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** The next message; rejects when the process ends before. */
async function answer(child: ChildProcess): Promise<unknown> {
  const ended = new AbortController();
  const { signal } = ended;
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]) => message),
      once(child, 'exit', { signal }).then(([code, killer]) => {
        throw new Error(`the speed check of the measured core ended (${killer ?? `exit ${code}`})`);
      }),
    ]);
  } finally {
    ended.abort();
  }
}
