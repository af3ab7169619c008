// How many generator processes a profile needs: one too many takes a core and caches from the target.
import { kindOf, type Profile } from '../../model/profile.ts';
import { startGenerators } from './generators.ts';

/** What is sent decides what a request costs. */
export type Sent = { readonly profile: Pick<Profile, 'stages'>; readonly secure: boolean; readonly walkSteps?: number };

/**
 * The most that one process gets answered by nginx, as a share of what it sent to itself in the rehearsal, in a second of CPU time each
 * (bench `generator-rates`).
 */
export const shareOfRehearsed = { plain: 1.3, secure: 0.6, walk: 1, secureWalk: 0.5 } as const;

/** What a core of 2026 sends to itself, where a rehearsal does not say it. */
const usualPerCoreS = 30_000;

/** A process that has to send more than this share of its most sends late. */
const onTime = 0.5;

/** What any machine sends on time, whatever it is: not worth a rehearsal. */
const anyMachinePerS = 3000;

/** More than this many processes take longer to start than they save. */
const most = 8;

/**
 * How many, from 1 up to one fewer than there are cores, which is left to a target on this machine, and to 8. Where it depends on the
 * machine, one is started to find out.
 */
export async function chooseGeneratorCount(sent: Sent, cores: number, environment: NodeJS.ProcessEnv): Promise<number> {
  const depends = generatorCount(sent, cores, 1) > 1 && Number.isFinite(neededPerS(sent));
  return generatorCount(sent, cores, depends ? await rehearsedPerS(environment) : usualPerCoreS);
}

/** The same on a machine a core of which rehearsed at this rate. */
export function generatorCount(sent: Sent, cores: number, perCoreS: number): number {
  const kind = sent.walkSteps === undefined ? (sent.secure ? 'secure' : 'plain') : sent.secure ? 'secureWalk' : 'walk';
  const perProcessS = Math.max(anyMachinePerS, onTime * shareOfRehearsed[kind] * perCoreS);
  return Math.max(1, Math.min(Math.ceil(neededPerS(sent) / perProcessS), cores - 1, most));
}

/** Requests a second, at the most. */
function neededPerS({ profile, walkSteps = 1 }: Sent): number {
  return walkSteps * Math.max(...profile.stages.map((stage) => kindOf(stage).highestPerS(stage)));
}

async function rehearsedPerS(environment: NodeJS.ProcessEnv): Promise<number> {
  const generators = await startGenerators(1, environment);
  generators.close();
  return generators.perCoreS || usualPerCoreS;
}
