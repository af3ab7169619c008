// sizing.json beside a run: the sizing that several runs came to together, and the workload that it is about.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readWhole } from '../model/run-folder.ts';
import { describeMistake } from '../model/schema-mistake.ts';
import { UserError } from '../model/user-error.ts';
import { replaceFile } from '../model/write-run.ts';
import { withText } from './messages/text-of.ts';
import { type SizingRecord, sizingFileSchema } from './schema/sizing-record.ts';
import { upgradeSizing } from './schema/sizing-upgrade.ts';
import type { Workload } from './traffic/day-load.ts';

const sizingFile = 'sizing.json';
const withoutIt = 'delete the file to judge the run alone';

type SizingFile = { readonly record: SizingRecord; readonly workload?: Workload };

/**
 * Writes the sizing of several runs into the folder of one of them; the reports of that run show it from then on. One that could not be read
 * back is a bug: it throws, and nothing is written.
 */
export function writeSizing(dir: string, sizing: SizingRecord, workload: Workload = {}): void {
  const text = JSON.stringify({ ...sizing, workload }, withText);
  sizingFileSchema.parse(JSON.parse(text));
  replaceFile(join(dir, sizingFile), `${text}\n`);
}

/** The sizing of several runs, this one among them; undefined for a run without one. Throws a UserError that names the wrong field. */
export function readSizing(dir: string): SizingFile | undefined {
  const file = join(dir, sizingFile);
  if (!existsSync(file)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(readWhole(file));
  } catch (cause) {
    throw new UserError(`${file} cannot be read: ${(cause as Error).message}; ${withoutIt}`, { cause });
  }
  const upgraded = upgradeSizing(value);
  const parsed = sizingFileSchema.safeParse(upgraded);
  if (parsed.success) {
    const { workload, ...record } = parsed.data;
    return { record, ...(workload && { workload }) };
  }
  const mistake = describeMistake(parsed.error.issues, upgraded, 'the whole file');
  throw new UserError(`${file}: ${mistake}; ${withoutIt}`, { cause: parsed.error });
}
