// Writing into runs/<id>/: whole files at once, lines as they come, and what becomes of both when the disk is full.
import {
  accessSync,
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Alarms } from './alarms.ts';
import type { Observed } from './observed.ts';
import { runFiles } from './run-folder.ts';
import type { RunRecord } from './run-record.ts';
import type { Line } from './second.ts';
import { UserError } from './user-error.ts';

/** A run folder that is being written. */
export type RunFolder = {
  readonly dir: string;
  /**
   * Appends one line; it is in the kernel's hands when this returns, so killing the process loses nothing of it. When the disk takes no
   * more, `onFull` is called once, and this line and those after it are lost.
   */
  append(line: Line): void;
  /** Replaces run.json: readers see the old record or the new one, never half of it. */
  writeRun(run: RunRecord): void;
  close(): void;
};

/** No space, a quota, a limit of the process, a failing or a read-only disk. */
const fullCodes = ['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EROFS'];
/** What the record and the report of a run come to, kept for them from the start. */
const reservedBytes = 2 * 1024 ** 2;

/** Makes a folder and those above it. Not by `recursive`: under /proc, Node never returns from that. */
export function makeFolder(folder: string): void {
  const dir = resolve(folder);
  if (existsSync(dir)) return;
  if (dirname(dir) !== dir) makeFolder(dirname(dir));
  try {
    mkdirSync(dir);
  } catch (error) {
    // Another run has made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Makes the folder of all runs, as far as it is not there. Throws a UserError where that cannot be. */
export function makeRunsFolder(out: string): void {
  try {
    makeFolder(out);
    accessSync(out, constants.W_OK | constants.X_OK);
    if (!statSync(out).isDirectory()) throw Object.assign(new Error('a file'), { code: 'ENOTDIR' });
  } catch (error) {
    throw unwritable(out, error);
  }
}

function unwritable(dir: string, error: unknown): UserError {
  const { code } = error as NodeJS.ErrnoException;
  return new UserError(`cannot write to ${dir} (${code}): choose a writable folder with --out`, { cause: error });
}

/** Makes `<out>/<id>/`; a folder that cannot be written is the user's mistake and shows before the first request. */
export function createRunFolder(out: string, id: string, onFull: (code: string) => void = () => {}): RunFolder {
  const dir = join(out, id);
  let seconds: number;
  let reserve: number | undefined;
  try {
    makeFolder(dir);
    seconds = openSync(join(dir, runFiles.seconds), 'ax');
    reserve = reserveSpace(dir);
  } catch (error) {
    throw unwritable(dir, error);
  }
  const free = (): boolean => {
    if (reserve === undefined) return false;
    closeSync(reserve);
    reserve = undefined;
    return true;
  };
  return {
    dir,
    append: appendTo(seconds, onFull),
    writeRun: (run) => {
      const path = join(dir, runFiles.run);
      const content = `${JSON.stringify(run, null, 1)}\n`;
      try {
        replaceFile(path, content);
      } catch (error) {
        if (!(error instanceof UserError && free())) throw error;
        replaceFile(path, content);
      }
    },
    close: () => {
      free();
      fsyncSync(seconds);
      closeSync(seconds);
    },
  };
}

/** A file without a name: closing it frees its space, and a killed harness leaves nothing of it. */
function reserveSpace(dir: string): number {
  const path = join(dir, 'reserved.tmp');
  const descriptor = openSync(path, 'wx');
  rmSync(path);
  writeFileSync(descriptor, Buffer.alloc(reservedBytes));
  return descriptor;
}

function appendTo(descriptor: number, onFull: (code: string) => void): (line: Line) => void {
  let size = 0;
  let isFull = false;
  return (line) => {
    if (isFull) return;
    const text = `${JSON.stringify(line)}\n`;
    try {
      writeFileSync(descriptor, text);
      size += Buffer.byteLength(text);
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      if (!fullCodes.includes(code)) throw error;
      isFull = true;
      // Without the half of a line that there was room for.
      ftruncateSync(descriptor, size);
      onFull(code);
    }
  };
}

/** Appends lines to a file. Throws a UserError when the disk is full. */
export function appendLines(path: string, lines: readonly string[]): void {
  try {
    appendFileSync(path, `${lines.join('\n')}\n`);
  } catch (error) {
    throw fullError(path, error);
  }
}

/** Writes observed.json beside the run that it is about. */
export function writeObserved(dir: string, observed: Observed): void {
  replaceFile(join(dir, runFiles.observed), `${JSON.stringify(observed, null, 1)}\n`);
}

/** Writes alarms.json beside the run that it is about. */
export function writeAlarms(dir: string, alarms: Alarms): void {
  replaceFile(join(dir, runFiles.alarms), `${JSON.stringify(alarms, null, 1)}\n`);
}

/** Replaces a file so that a reader, or a power cut, meets the old content or the new. Throws a UserError when the disk is full. */
export function replaceFile(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    rmSync(temporary, { force: true });
    // Never through a link that somebody has put there.
    const descriptor = openSync(temporary, 'wx');
    try {
      writeFileSync(descriptor, content);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw fullError(path, error);
  }
}

/** A UserError for a full disk; any other error as it is. */
function fullError(path: string, cause: unknown): unknown {
  const { code = '' } = cause as NodeJS.ErrnoException;
  if (!fullCodes.includes(code)) return cause;
  return new UserError(`${path} cannot be written: ${fullDisk(code)}. Free space, and repeat the command`, { cause });
}

/** What a code of a failed write means, without a full stop. */
export function fullDisk(code: string): string {
  if (code === 'EIO') return 'the disk fails (EIO)';
  return code === 'EROFS' ? 'the disk is read-only (EROFS)' : `the disk is full (${code})`;
}
