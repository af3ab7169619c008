// Is the host at rest again? Asked between probes, in steps that are finer than the samples.
import { cpus } from 'node:os';
import type { KeptAwake } from './kept-awake.ts';

const stepMs = 50;
/** A step counts as calm when this share of all cores was idle, or as much as was idle before the load, if that was less. */
const calmIdle = 0.75;
/** Two calm steps in a row: one may fall between two bursts. */
const calmSteps = 2;

type Reading = { readonly idleMs: number; readonly atMs: number; readonly cores: number };

function read(awake: KeptAwake | undefined): Reading {
  const all = cpus();
  const kept = (awake?.use() ?? []).reduce((sum, { cpuUs }) => sum + cpuUs / 1000, 0);
  const idleMs = all.reduce((sum, { times }) => sum + times.idle, kept);
  return { idleMs, atMs: performance.now(), cores: all.length };
}

/** Share of all cores that was idle between two readings, 0 to 1: of the time that passed, since busy time is only counted by ticks. */
const idleShare = (from: Reading, to: Reading): number =>
  to.cores === 0 ? 1 : (to.idleMs - from.idleMs) / ((to.atMs - from.atMs) * to.cores);

/** Measures how idle the host is now, and gives a function that resolves when it is so again, or after `limitMs` all the same. */
export async function createCalm(limitMs: number, awake?: KeptAwake): Promise<() => Promise<void>> {
  const pause = () => new Promise<void>((resolve) => setTimeout(resolve, stepMs));
  const before = read(awake);
  await pause();
  const needed = Math.min(calmIdle, idleShare(before, read(awake)) * 0.9);
  return async () => {
    const steps = Math.ceil(limitMs / stepMs);
    let calm = 0;
    let last = read(awake);
    for (let step = 0; step < steps && calm < calmSteps; step++) {
      await pause();
      const now = read(awake);
      calm = idleShare(last, now) >= needed ? calm + 1 : 0;
      last = now;
    }
  };
}
