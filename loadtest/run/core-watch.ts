// What a run knows of the cores that its target is measured on, and whether a block was disturbed there.
import { setTimeout as wait } from 'node:timers/promises';
import type { Block } from '../../model/block.ts';
import { quantile } from '../../model/block.ts';
import type { Finding } from '../../model/finding.ts';
import type { LoadLine } from '../../model/second.ts';
import { slowCheck } from '../emulation/speed-check.ts';
import { loadFinding } from '../messages.ts';

/** Absent where the target is on another machine. */
export type CoreWatch = {
  /** See SpeedCheck.run. */
  readonly checkSpeed: (maxAgeMs?: number) => Promise<number>;
  readonly undisturbed: () => Undisturbed;
  readonly summary: () => { readonly fastestMs: number; readonly medianMs: number; readonly count: number } | undefined;
  /**
   * Begins to look; what it returns gives the share of the cores' time that others took since, and their names, the busiest first. `cores`: of
   * which the target has fewer than are measured.
   */
  readonly look: (cores?: number) => () => Taken;
  /** Microseconds of CPU time per redis SET on the measured core now, or of the last `maxAgeMs`; absent where redis is not installed. */
  readonly window?: (maxAgeMs?: number) => Promise<number | undefined>;
};
/** CPU time of the fixed computation and of a redis SET when nothing disturbs the core, as far as is known. */
export type Undisturbed = { readonly speedCheckMs?: number | undefined; readonly redisSetUs?: number | undefined };
export type Taken = { readonly takenShare: number; readonly takers: readonly string[] };

/** Share of the measured cores' time; an idle machine's own services take less. */
const mostTaken = 0.05;
/** A second that lasted longer: the generator, or the machine, stood still. */
const longestSecondS = 1.25;

export type Visit = Omit<Block, 'clean' | 'disturbance'> & {
  readonly takers?: readonly string[];
  readonly seconds: readonly LoadLine[];
};

/** Why a block does not count; undefined when it is clean. */
function findDisturbance(visit: Visit, undisturbed: Undisturbed): Finding | undefined {
  const { probe, redisSet, takenShare = 0, takers = [], seconds } = visit;
  if (takenShare > mostTaken) return loadFinding('core-shared', { takenPercent: 100 * takenShare, takers });
  const longestS = Math.max(0, ...seconds.map(({ durationS }) => durationS));
  if (longestS > longestSecondS) return loadFinding('generator-paused', { lastedS: longestS });
  const { speedCheckMs, redisSetUs } = undisturbed;
  const times = probe && speedCheckMs ? Math.max(probe.beforeMs, probe.afterMs) / speedCheckMs : 1;
  const set = redisSet && redisSetUs ? (redisSet.beforeUs + redisSet.afterUs) / 2 / redisSetUs : 1;
  if (set > slowCheck) return loadFinding('core-slow', { times: Math.max(times, set) });
  if (times <= slowCheck) return undefined;
  // What SETs do not see cannot be corrected by them.
  return redisSet ? loadFinding('core-uneven', { times }) : loadFinding('core-slow', { times });
}

/** A visit as a block of the record. */
export function blockOf(visit: Visit, undisturbed: Undisturbed = {}): Block {
  const { takers: _, seconds: __, ...block } = visit;
  const disturbance = findDisturbance(visit, undisturbed);
  return { ...block, clean: !disturbance, ...(disturbance && { disturbance }) };
}

/** A check so recent still holds: what ended another run's visit begins the next. */
const checkAgeMs = 400;
const pauseMs = 1000;

/**
 * The speed check before a block. A slow spell lasts for seconds, and a block in it would be lost: it is waited for, as long as `patience`, which is
 * used up, lasts.
 */
export async function awaitUsualSpeed(watch: CoreWatch, patience: { leftMs: number }): Promise<number> {
  let ms = await watch.checkSpeed(checkAgeMs);
  while (ms > slowCheck * (watch.undisturbed().speedCheckMs ?? ms) && patience.leftMs > 0) {
    const from = performance.now();
    await wait(pauseMs);
    ms = await watch.checkSpeed();
    patience.leftMs -= performance.now() - from;
  }
  return ms;
}

/** More of the measured cores in use by others, or speed checks further apart, and two minutes of load are likely to end without a verdict. */
const busyShare = 0.25;
const farApart = 1.5;
const checksAtStart = 10;

/** Ten speed checks before the load: whether the machine is too busy to measure on; undefined when it is not. */
export async function findBusyCores(watch: CoreWatch): Promise<Finding | undefined> {
  const taken = watch.look();
  const checks: number[] = [];
  for (let count = 0; count < checksAtStart; count++) checks.push(await watch.checkSpeed());
  const { takenShare, takers } = taken();
  if (takenShare > busyShare) return loadFinding('cores-busy', { takenPercent: 100 * takenShare, takers });
  const sorted = checks.sort((a, b) => a - b);
  // One check beside a hiccup is no busy machine.
  const times = quantile(sorted, 0.9) / (sorted[0] as number);
  return times > farApart ? loadFinding('cores-uneven', { times }) : undefined;
}
