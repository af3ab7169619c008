import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { UserError } from '../../model/user-error.ts';

/** More than any profile, walk, body or recording of a browser has. */
const mostBytes = 256 * 1024 * 1024;
const pieceBytes = 64 * 1024;
/** How often and how long an open pipe is asked for more. */
const pauseMs = 20;
const longestPauses = 500;

/**
 * The bytes of a file that a user has given, or of a pipe (`<(command)`). Throws a UserError for what has no end: a device, a pipe without
 * a writer, or more than 256 MiB. Other failures are those of the file system, with their code.
 */
export function readWholeFile(file: string): Buffer {
  // Opening a pipe would wait for a writer, and no signal could end that.
  const opened = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const kind = fstatSync(opened);
    if (kind.isBlockDevice() || (kind.isCharacterDevice() && file !== '/dev/null'))
      throw new UserError(`${file} is a device: it does not end. Give a file`);
    const bytes = readAll(opened, file);
    if (bytes.length === 0 && kind.isFIFO())
      throw new UserError(`${file} is a pipe, and nothing was written into it. Start its writer first`);
    return bytes;
  } finally {
    closeSync(opened);
  }
}

function readAll(opened: number, file: string): Buffer {
  const pieces: Buffer[] = [];
  let length = 0;
  let pauses = 0;
  for (;;) {
    const piece = Buffer.allocUnsafe(pieceBytes);
    const read = readSome(opened, piece);
    if (read === 0) return Buffer.concat(pieces);
    if (read === undefined) {
      pauses += 1;
      if (pauses > longestPauses)
        throw new UserError(
          `${file} is a pipe, and its writer was silent for ${(pauseMs * longestPauses) / 1000} s. Give a file`,
        );
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
      continue;
    }
    pauses = 0;
    length += read;
    if (length > mostBytes) throw new UserError(`${file} has more than 256 MiB. Give a smaller file`);
    pieces.push(piece.subarray(0, read));
  }
}

/** Undefined where a pipe is open and empty. */
function readSome(opened: number, piece: Buffer): number | undefined {
  try {
    return readSync(opened, piece);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw error;
  }
}
