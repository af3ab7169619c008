// How fast this machine was in earlier runs: without it, a run that lies in a slow spell from end to end would take that for its usual speed.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { median } from '../../model/vcpu-speed.ts';
import { describeGenerator } from '../cli/machine.ts';

/** Runs that are looked at, the latest. A machine that has become slower for good is known as that after half of them. */
const latest = 20;
/** The lower quartile of a run's probes, divided by its fastest: 1.02 to 1.04 in undisturbed ones. */
const usualOverFastest = 1.03;

/**
 * CPU time of the fixed computation on this machine when nothing disturbs it, in ms, by the latest runs in the folders `runs` that were made
 * here with the same version of Node: of several folders the fastest. Undefined without such a run.
 */
export function earlierProbeMs(runs: readonly string[]): number | undefined {
  const found = runs.flatMap((each) => inFolder(each) ?? []);
  return found.length === 0 ? undefined : Math.min(...found);
}

function inFolder(runs: string): number | undefined {
  if (!statSync(runs, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  const { hostname, cpuModel, cores, versions } = describeGenerator(1);
  const fastest = readdirSync(runs)
    .filter((name) => existsSync(join(runs, name, 'run.json')))
    .sort()
    .slice(-latest)
    .flatMap((name) => {
      const { generator, probe } = readRecord(join(runs, name, 'run.json'));
      const isHere = generator?.hostname === hostname && generator.cpuModel === cpuModel && generator.cores === cores;
      return isHere && generator.versions?.node === versions.node && probe ? [probe.fastestMs] : [];
    });
  return fastest.length === 0 ? undefined : usualOverFastest * median(fastest);
}

type Known = {
  readonly generator?: {
    readonly hostname?: string;
    readonly cpuModel?: string;
    readonly cores?: number;
    readonly versions?: Readonly<Record<string, string>>;
  };
  readonly probe?: { readonly fastestMs: number };
};

function readRecord(file: string): Known {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) ?? {};
  } catch (error) {
    // Cut off, or removed since: it says nothing of the machine.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
