// The command that runs beside the load: that of --during, or in a stage of kind `build` this project's own build.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding } from '../../../model/finding.ts';
import type { Profile } from '../../../model/profile.ts';
import { commandFinding } from '../../messages.ts';

export type ChosenCommand = {
  readonly line: string;
  /** Absent: where headroom was started. */
  readonly directory?: string;
  /** What it leaves there. */
  readonly made?: readonly string[];
};

/** Beside the build that headroom may run from. */
const out = 'dist.beside';
/** As a CI agent should run it: the app goes first. */
const ownLine = `nice -n 10 npm run build -- ${out}`;

/** Undefined where no stage runs one, and with a finding where it would need a compiler. */
export function chooseCommand(
  profile: Profile,
  {
    during,
    target,
    directory: own,
  }: {
    readonly during?: string | undefined;
    readonly target?: string | undefined;
    /** Where a command of the user's runs. */
    readonly directory?: string | undefined;
  },
): { readonly command?: ChosenCommand; readonly missing?: Finding } {
  if (during !== undefined) return { command: { line: during, ...(own !== undefined && { directory: own }) } };
  // A build of headroom says nothing of another app, or of another machine.
  if (target !== undefined || !profile.stages.some(({ kind }) => kind === 'build')) return {};
  const directory = ['../../..', '../../../..']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(join(path, 'build.ts')) && existsSync(join(path, 'node_modules/typescript')));
  if (directory === undefined) return { missing: commandFinding('no-compiler') };
  return { command: { line: ownLine, directory, made: [out, `${out}.next`, `${out}.last`] } };
}

/** The profile without stages that have no command to run. */
export function withoutBuild(profile: Profile, command: ChosenCommand | undefined): Profile {
  return command ? profile : { ...profile, stages: profile.stages.filter(({ kind }) => kind !== 'build') };
}
