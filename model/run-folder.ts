// Reading runs/<id>/, which may come from anywhere: what is no file, or larger than any run, is refused by name.
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ZodType } from 'zod';
import { type Alarms, alarmsSchema } from './alarms.ts';
import { checked } from './checked.ts';
import { type Observed, observedSchema } from './observed.ts';
import { isSurelyLine } from './quick-check.ts';
import { type RunRecord, runRecordSchema } from './run-record.ts';
import { type Line, lineSchema } from './second.ts';
import { upgradeAlarms, upgradeLine, upgradeRun } from './upgrade-run.ts';
import { UserError } from './user-error.ts';

export const runFiles = {
  run: 'run.json',
  seconds: 'seconds.jsonl',
  observed: 'observed.json',
  alarms: 'alarms.json',
} as const;

/** Ten times what the record of a day comes to. */
const mostBytes = 256 * 1024 ** 2;
/** A line is a second or a sample of the host: a few kilobytes. */
const longestLine = 16 * 1024 ** 2;

/** The record of a run; errors name the file and the field. */
export function readRun(dir: string): RunRecord {
  if (!existsSync(join(dir, runFiles.run))) {
    throw new UserError(
      `${dir} is not a run folder: there is no ${runFiles.run} in it. \`report --list\` lists the runs`,
    );
  }
  return readJson(join(dir, runFiles.run), runRecordSchema, upgradeRun);
}

/** What was observed of the host, or undefined when that phase never ran. */
export function readObserved(dir: string): Observed | undefined {
  const path = join(dir, runFiles.observed);
  return existsSync(path) ? readJson(path, observedSchema) : undefined;
}

/** The monitors of the run, or undefined when they were not evaluated. */
export function readAlarms(dir: string): Alarms | undefined {
  const path = join(dir, runFiles.alarms);
  return existsSync(path) ? readJson(path, alarmsSchema, upgradeAlarms) : undefined;
}

/** Whether the run came so far as to write lines. */
export function hasSeconds(dir: string): boolean {
  return existsSync(join(dir, runFiles.seconds));
}

/**
 * The lines of seconds.jsonl in the order in which they were written. A last line that the killed writer left unfinished is
 * left out; any other line that does not fit is an error that names its number and field. With `kind`, lines of other kinds are
 * passed over unread.
 */
export async function* readLines(dir: string, kind?: Line['kind']): AsyncGenerator<Line> {
  const path = join(dir, runFiles.seconds);
  if (!existsSync(path)) throw new UserError(`${dir} has no ${runFiles.seconds}: is it a run folder?`);
  checkFile(path);
  let number = 0;
  let unfinished: { number: number; cause: unknown } | undefined;
  for await (const text of textLines(path)) {
    number++;
    if (kind && text.startsWith('{"kind":"') && !text.startsWith(`{"kind":"${kind}"`)) continue;
    if (unfinished) throw new UserError(`${path} line ${unfinished.number} is not JSON`, { cause: unfinished.cause });
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      unfinished = { number, cause };
      continue;
    }
    yield isSurelyLine(value) ? value : checked(upgradeLine(value), lineSchema, `${path} line ${number}`);
  }
}

/** The lines of a text file; three times as fast as node:readline. */
async function* textLines(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 1 << 18 })) {
    const pieces = (rest + chunk).split('\n');
    rest = pieces.pop() ?? '';
    yield* pieces;
    if (rest.length > longestLine)
      throw new UserError(`${path} has a line of more than 16 MiB: it is not a file of a run`);
  }
  if (rest !== '') yield rest;
}

function readJson<T>(path: string, schema: ZodType<T>, upgrade = (value: unknown): unknown => value): T {
  let value: unknown;
  try {
    value = JSON.parse(readWhole(path));
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
  return checked(upgrade(value), schema, path);
}

/** The text of a file of a run. Throws a UserError for what is no file, or larger than any. */
export function readWhole(path: string): string {
  if (checkFile(path) > mostBytes) throw new UserError(`${path} has more than 256 MiB: it is not a file of a run`);
  return readFileSync(path, 'utf8');
}

/** Its size. Throws a UserError for a folder, and for a pipe or a device, which would never end. */
function checkFile(path: string): number {
  const stats = statSync(path);
  if (!stats.isFile()) throw new UserError(`${path} is not a file. Use an undamaged copy of the run folder`);
  return stats.size;
}
