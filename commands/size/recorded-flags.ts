// Files of recorded metrics as flags name them.
import { isAscii } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { readJsonFile } from '../../loadtest/profiles/json-file.ts';
import { parseTrace, type TracePeriod } from '../../model/credits/credit-replay.ts';
import { readRecorded } from '../../model/recorded/read-recorded.ts';
import type { ReadOptions, RecordedFile } from '../../model/recorded/recorded-file.ts';
import { UserError } from '../../model/user-error.ts';
import { findCpu, traceOf } from '../../reports/recorded/cpu-record.ts';
import type { Flags } from '../cli/flags.ts';
import { findInputFiles } from '../cli/input-files.ts';

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

/** Reads the files. Throws a UserError that names the file and the line. */
export function readRecordedFiles(paths: readonly string[], options: ReadOptions, single?: 'memory'): RecordedFile[] {
  if (paths.length === 0) throw new UserError('give a file of recorded CPU, like size history cpu.json --of t2.medium');
  return findInputFiles(paths, 'file of recorded CPU', 'cpu-*.json').map((path) =>
    readRecorded(readText(path), path, { ...options, ...(single && { single }) }),
  );
}

function readText(path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path === '-' ? 0 : path);
  } catch (cause) {
    throw new UserError(`${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b)
    throw new UserError(`${path} is compressed. Decompress it first: gunzip --keep ${path}`);
  // Ten times as fast, and most files are so.
  if (isAscii(bytes)) return bytes.toString('latin1');
  // What PowerShell writes with >.
  return bytes.toString(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf16le' : 'utf8');
}

/** The trace of a replay: a list of periods, or recorded CPU. Throws a UserError that names the file and the line or period. */
export function readTrace(path: string, options: ReadOptions): readonly TracePeriod[] {
  const [file = path] = findInputFiles([path], 'trace', 'cpu-*.json');
  const text = readText(file);
  if (!text.trimStart().startsWith('[')) return traceOf(findCpu([readRecorded(text, path, options)]), path);
  return parseTrace(readJsonFile(path), path);
}
