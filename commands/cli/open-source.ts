// A file by its name, read from its begin to its end: one that has none is refused.
import { closeSync, constants, createReadStream, openSync, type Stats, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { UserError } from '../../model/user-error.ts';

/** Pieces that stay in the cache of a core, and in the heap: of 256 KiB, decoding and splitting take twice the CPU. */
const pieceBytes = 64 * 1024;
/** Who writes a named pipe may be started after who reads it. */
const longestWaitS = 10;

/** Yields the bytes of a file or a named pipe. Throws a UserError for a device, and for a pipe that nothing writes into within `waitS` seconds. */
export async function* openSource(file: string, waitS = longestWaitS): AsyncIterable<Uint8Array> {
  const kind = statSync(file);
  if (isEndless(file, kind))
    throw new UserError(`${file} is a device: it does not end. Give a file, or pipe lines to -`);
  const options = { highWaterMark: pieceBytes };
  yield* kind.isFIFO() ? (await openPipe(file, waitS)).createReadStream(options) : createReadStream(file, options);
}

function isEndless(file: string, kind: Stats): boolean {
  return (kind.isCharacterDevice() && file !== '/dev/null') || kind.isBlockDevice();
}

/** Opening waits for a writer, in a thread that nothing else can wake up: after the time this process is one for a moment. */
async function openPipe(file: string, waitS: number): Promise<FileHandle> {
  let isLate = false;
  const wake = setTimeout(() => {
    isLate = true;
    closeSync(openSync(file, constants.O_WRONLY | constants.O_NONBLOCK));
  }, waitS * 1000);
  const pipe = await open(file, 'r').finally(() => clearTimeout(wake));
  if (!isLate) return pipe;
  await pipe.close();
  throw new UserError(`${file} is a pipe, and nothing has written into it for ${waitS} s. Start its writer first`);
}
