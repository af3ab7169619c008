// Files of recorded metrics as flags name them.
import { readRecorded } from '../../model/recorded/read-recorded.ts';
import type { ReadOptions, RecordedFile } from '../../model/recorded/recorded-file.ts';
import { UserError } from '../../model/user-error.ts';
import type { InputContext } from './context.ts';
import type { Flags } from './flags.ts';
import { findInputFiles } from './input-files.ts';
import { readInputText } from './input-text.ts';
import { isStdin } from './open-input.ts';

export const recordedFlags = {
  zone: {
    type: 'string',
    requiresArg: true,
    describe: 'Time zone of times without one, like Europe/Berlin (default: UTC).',
  },
  unit: {
    choices: ['percent', 'fraction'] as const,
    requiresArg: true,
    describe: 'Unit of CPU values that can be percent or shares of 1.',
  },
} as const satisfies Flags;

/** Reads the files, patterns, and `-` for stdin. Throws a UserError that names the file and the line. */
export async function readRecordedFiles(
  paths: readonly string[],
  inputs: InputContext,
  options: ReadOptions,
): Promise<RecordedFile[]> {
  if (paths.length === 0) throw new UserError('give a file of recorded CPU, like size history cpu.json --of t2.medium');
  const files: RecordedFile[] = [];
  for (const path of findInputFiles(paths, 'file of recorded CPU', 'cpu-*.json'))
    files.push(readRecorded(await readInputText(path, inputs), nameInput(path), options));
  return files;
}

/** What messages call a file. */
export function nameInput(path: string): string {
  return isStdin(path) ? 'stdin' : path;
}
