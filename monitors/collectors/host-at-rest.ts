// Waits between probes until the host is idle again, in steps that are finer than the samples.
import { cpus } from 'node:os';
import type { KeptAwake } from './kept-awake.ts';

const stepMs = 50;
/** A step is idle when this share of all cores is idle, or 90 % of the share before the load, if that is less. */
const idleEnough = 0.75;
/** Two idle steps in a row: one may fall between two bursts. */
const idleSteps = 2;

type Reading = { readonly idleMs: number; readonly atMs: number; readonly cores: number };

function read(awake: KeptAwake | undefined): Reading {
  const all = cpus();
  const kept = (awake?.use() ?? []).reduce((sum, { cpuUs }) => sum + cpuUs / 1000, 0);
  const idleMs = all.reduce((sum, { times }) => sum + times.idle, kept);
  return { idleMs, atMs: performance.now(), cores: all.length };
}

/** Share of all cores that was idle between two readings, 0 to 1; of the elapsed time, since busy time is only counted by ticks. */
const idleShare = (from: Reading, to: Reading): number =>
  to.cores === 0 ? 1 : (to.idleMs - from.idleMs) / ((to.atMs - from.atMs) * to.cores);

/** Measures how idle the host is now. Returns a function that resolves when the host is as idle again, or after `limitMs`. */
export async function createRestWait(limitMs: number, awake?: KeptAwake): Promise<() => Promise<void>> {
  const pause = () => new Promise<void>((resolve) => setTimeout(resolve, stepMs));
  const before = read(awake);
  await pause();
  const needed = Math.min(idleEnough, idleShare(before, read(awake)) * 0.9);
  return async () => {
    const steps = Math.ceil(limitMs / stepMs);
    let idle = 0;
    let last = read(awake);
    for (let step = 0; step < steps && idle < idleSteps; step++) {
      await pause();
      const now = read(awake);
      idle = idleShare(last, now) >= needed ? idle + 1 : 0;
      last = now;
    }
  };
}
