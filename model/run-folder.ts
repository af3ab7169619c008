// runs/<id>/ on disk: the only file of model/ that touches it.
import {
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ZodType } from 'zod';
import { type Alarms, alarmsSchema } from './alarms.ts';
import { checked } from './checked.ts';
import { type Observed, observedSchema } from './observed.ts';
import { isSurelyLine } from './quick-check.ts';
import { type RunRecord, runRecordSchema } from './run-record.ts';
import { type Line, lineSchema } from './second.ts';
import { upgradeAlarms, upgradeLine, upgradeRun } from './upgrade-run.ts';
import { UserError } from './user-error.ts';

const files = { run: 'run.json', seconds: 'seconds.jsonl', observed: 'observed.json', alarms: 'alarms.json' } as const;

/** A run folder that is being written. */
export type RunFolder = {
  readonly dir: string;
  /** Appends one line; it is in the kernel's hands when this returns, so killing the process loses nothing of it. */
  append(line: Line): void;
  /** Replaces run.json: readers see the old record or the new one, never half of it. */
  writeRun(run: RunRecord): void;
  close(): void;
};

/** Makes a folder and those above it. Not by `recursive`: under /proc, Node never returns from that. */
function makeFolder(dir: string): void {
  if (existsSync(dir)) return;
  if (dirname(dir) !== dir) makeFolder(dirname(dir));
  try {
    mkdirSync(dir);
  } catch (error) {
    // Another run has made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Makes `<out>/<id>/`; a folder that cannot be written is the user's mistake and shows before the first request. */
export function createRunFolder(out: string, id: string): RunFolder {
  const dir = join(out, id);
  let seconds: number;
  try {
    makeFolder(resolve(dir));
    seconds = openSync(join(dir, files.seconds), 'ax');
  } catch (error) {
    throw new UserError(
      `cannot write to ${dir} (${(error as NodeJS.ErrnoException).code}): choose a writable folder with --out`,
      {
        cause: error,
      },
    );
  }
  return {
    dir,
    append: (line) => {
      writeFileSync(seconds, `${JSON.stringify(line)}\n`);
    },
    writeRun: (run) => replaceFile(join(dir, files.run), `${JSON.stringify(run, null, 1)}\n`),
    close: () => {
      fsyncSync(seconds);
      closeSync(seconds);
    },
  };
}

/** Writes observed.json beside the run that it is about. */
export function writeObserved(dir: string, observed: Observed): void {
  replaceFile(join(dir, files.observed), `${JSON.stringify(observed, null, 1)}\n`);
}

/** Writes alarms.json beside the run that it is about. */
export function writeAlarms(dir: string, alarms: Alarms): void {
  replaceFile(join(dir, files.alarms), `${JSON.stringify(alarms, null, 1)}\n`);
}

/** The record of a run; errors name the file and the field. */
export function readRun(dir: string): RunRecord {
  if (!existsSync(join(dir, files.run))) {
    throw new UserError(`${dir} is not a run folder: there is no ${files.run} in it`);
  }
  return readJson(join(dir, files.run), runRecordSchema, upgradeRun);
}

/** What was observed of the host, or undefined when that phase never ran. */
export function readObserved(dir: string): Observed | undefined {
  const path = join(dir, files.observed);
  return existsSync(path) ? readJson(path, observedSchema) : undefined;
}

/** The monitors of the run, or undefined when they were not evaluated. */
export function readAlarms(dir: string): Alarms | undefined {
  const path = join(dir, files.alarms);
  return existsSync(path) ? readJson(path, alarmsSchema, upgradeAlarms) : undefined;
}

/** Whether the run came so far as to write lines. */
export function hasSeconds(dir: string): boolean {
  return existsSync(join(dir, files.seconds));
}

/**
 * The lines of seconds.jsonl in the order in which they were written. A last line that the killed writer left unfinished is
 * left out; any other line that does not fit is an error that names its number and field. With `kind`, lines of other kinds are
 * passed over unread.
 */
export async function* readLines(dir: string, kind?: Line['kind']): AsyncGenerator<Line> {
  const path = join(dir, files.seconds);
  if (!existsSync(path)) throw new UserError(`${dir} has no ${files.seconds}: is it a run folder?`);
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
  }
  if (rest !== '') yield rest;
}

/** Replaces a file so that a reader, or a power cut, meets the old content or the new. */
export function replaceFile(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  const descriptor = openSync(temporary, 'w');
  try {
    writeFileSync(descriptor, content);
    fsyncSync(descriptor);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, path);
}

function readJson<T>(path: string, schema: ZodType<T>, upgrade = (value: unknown): unknown => value): T {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new UserError(`${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
  return checked(upgrade(value), schema, path);
}
