// What else runs on the machine of a web app: programs that --with declares, each with its footprint and where that is from (box-programs.json).
import * as z from 'zod';
import { didYouMean } from '../nearest.ts';
import { UserError } from '../user-error.ts';
import shipped from './box-programs.json' with { type: 'json' };

const footprint = z.object({
  value: z.number().nonnegative(),
  low: z.number().nonnegative(),
  high: z.number().nonnegative(),
});

const boxProgramSchema = z.strictObject({
  name: z.string(),
  /** Resident, without work to do. */
  memoryMiB: footprint,
  memorySource: z.string(),
  /** vCPUs in use without work to do. */
  restVcpus: footprint,
  restSource: z.string(),
});
export type BoxProgram = z.infer<typeof boxProgramSchema>;

export const boxPrograms: readonly BoxProgram[] = z.array(boxProgramSchema).parse(shipped.programs);

/** The one that headroom starts, in the path of the load; the others count with their footprints. */
export const proxyName = 'nginx';
/** Its name among the programs that a run observes: another nginx may run on the same machine. */
export const proxyService = 'nginx in the path';

/** The program of that name; undefined for one that another version of headroom knew. */
export function findBoxProgram(name: string): BoxProgram | undefined {
  return boxPrograms.find((each) => each.name === name);
}

/** The names of a flag's list, separated by commas, each once. Throws a UserError for an empty, unknown or repeated name. */
export function parseBoxPrograms(flag: string, list: string): readonly string[] {
  const known = boxPrograms.map(({ name }) => name);
  const names = list.split(',').map((each) => each.trim().toLowerCase());
  for (const [index, name] of names.entries()) {
    if (name === '') throw new UserError(`${`${flag} ${list}`.trim()} has an empty name: give ${known.join(',')}`);
    if (!known.includes(name))
      throw new UserError(`${flag} ${name}: unknown program.${didYouMean(name, known)} Known are ${known.join(', ')}`);
    if (names.indexOf(name) !== index) throw new UserError(`${flag} ${list} has ${name} twice: give each program once`);
  }
  return names;
}
