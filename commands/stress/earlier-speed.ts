// How fast this machine was in earlier runs: without it, a run that lies in a slow spell from end to end would take that for its usual speed.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { slowCheck } from '../../loadtest/emulation/speed-check.ts';
import { type Block, quantile } from '../../model/block.ts';
import { median } from '../../model/catalogue/vcpu-speed.ts';
import { describeGenerator } from '../cli/machine.ts';

/** Runs that are looked at, the latest. A machine that has become slower for good is known as that after half of them. */
const latest = 20;
/** The lower quartile of a run's speed checks, divided by its fastest: 1.02 to 1.04 in undisturbed ones. */
const usualOverFastest = 1.03;

/** What an undisturbed core of this machine takes; undefined where no run measured it. */
type EarlierSpeed = { readonly speedCheckMs?: number; readonly redisSetUs?: number };

/**
 * CPU time of the fixed computation and of a redis SET on this machine when nothing disturbs it, by the latest runs in the folders `runs` that
 * were made here with the same version of Node: the median of a folder, and of several folders the fastest.
 */
export function earlierSpeed(runs: readonly string[]): EarlierSpeed {
  const found = runs.map(inFolder);
  const speedCheckMs = fastest(found.map((each) => each.speedCheckMs));
  const redisSetUs = fastest(found.map((each) => each.redisSetUs));
  return { ...(speedCheckMs !== undefined && { speedCheckMs }), ...(redisSetUs !== undefined && { redisSetUs }) };
}

function fastest(known: readonly (number | undefined)[]): number | undefined {
  const found = known.filter((each) => each !== undefined);
  return found.length === 0 ? undefined : Math.min(...found);
}

function inFolder(runs: string): EarlierSpeed {
  if (!statSync(runs, { throwIfNoEntry: false })?.isDirectory()) return {};
  const { hostname, cpuModel, cores, versions } = describeGenerator(1);
  const found = readdirSync(runs)
    .filter((name) => existsSync(join(runs, name, 'run.json')))
    .sort()
    .slice(-latest)
    .flatMap((name) => {
      const run = readRecord(join(runs, name, 'run.json'));
      const { generator } = run;
      const isHere = generator?.hostname === hostname && generator.cpuModel === cpuModel && generator.cores === cores;
      return isHere && generator.versions?.node === versions.node ? [run] : [];
    });
  const checks = found.flatMap(({ probe }) => probe?.fastestMs ?? []);
  const speedCheckMs = checks.length > 0 ? usualOverFastest * median(checks) : undefined;
  const sets = found.flatMap((run) => undisturbedSetUs(run, speedCheckMs) ?? []);
  return {
    ...(speedCheckMs !== undefined && { speedCheckMs }),
    ...(sets.length > 0 && { redisSetUs: median(sets) }),
  };
}

type Known = {
  readonly generator?: {
    readonly hostname?: string;
    readonly cpuModel?: string;
    readonly cores?: number;
    readonly versions?: Readonly<Record<string, string>>;
  };
  readonly probe?: { readonly fastestMs: number };
  readonly stages?: readonly { readonly blocks?: readonly Pick<Block, 'redisSet' | 'probe'>[] }[];
};

/**
 * The lower quartile of a run's own, where the fixed computation was as fast as usual: the value of its record may be that of the runs before it,
 * and a run in a slow spell from end to end does not know what is usual.
 */
function undisturbedSetUs({ stages = [] }: Known, speedCheckMs = Number.POSITIVE_INFINITY): number | undefined {
  const sets = stages
    .flatMap(({ blocks = [] }) => blocks)
    .filter(({ probe }) => !probe || Math.max(probe.beforeMs, probe.afterMs) <= slowCheck * speedCheckMs)
    .flatMap(({ redisSet }) => (redisSet ? [redisSet.beforeUs, redisSet.afterUs] : []));
  return sets.length === 0 ? undefined : quantile(inOrder(sets), 0.25);
}

function inOrder(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

function readRecord(file: string): Known {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) ?? {};
  } catch (error) {
    // Cut off, or removed since: it says nothing of the machine.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
