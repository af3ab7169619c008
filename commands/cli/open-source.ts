// A file by its name, read from its begin to its end: one that has none is refused.
import { closeSync, constants, createReadStream, openSync, type Stats, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import { UserError } from '../../model/user-error.ts';

/** Pieces that stay in the cache of a core, and in the heap: of 256 KiB, decoding and splitting take twice the CPU. */
const pieceBytes = 64 * 1024;
/** Who writes a named pipe may be started after who reads it. */
const longestWaitS = 10;
/** Until the thread has begun to wait. */
const againMs = 10;

type Options = {
  /** Ends the reading with an error. */
  readonly signal: AbortSignal;
  readonly waitS?: number;
};

/** Yields the bytes of a file or a named pipe. Throws a UserError for a device, and for a pipe that nothing writes into within `waitS` seconds. */
export async function* openSource(file: string, { signal, waitS = longestWaitS }: Options): AsyncIterable<Uint8Array> {
  const kind = statSync(file);
  if (isEndless(file, kind))
    throw new UserError(`${file} is a device: it does not end. Give a file, or pipe lines to -`);
  const options = { highWaterMark: pieceBytes };
  const stream = kind.isFIFO()
    ? (await openPipe(file, waitS, signal)).createReadStream(options)
    : createReadStream(file, options);
  yield* addAbortSignal(signal, stream);
}

function isEndless(file: string, kind: Stats): boolean {
  return (kind.isCharacterDevice() && file !== '/dev/null') || kind.isBlockDevice();
}

/** Opening waits for a writer, in a thread that nothing else can wake up: after the time this process is one for a moment. */
async function openPipe(file: string, waitS: number, signal: AbortSignal): Promise<FileHandle> {
  let isLate = false;
  const wake = (): void => {
    isLate = true;
    clearTimeout(timer);
    if (!writeNothing(file)) timer = setTimeout(wake, againMs);
  };
  let timer = setTimeout(wake, signal.aborted ? 0 : waitS * 1000);
  signal.addEventListener('abort', wake);
  const pipe = await open(file, 'r').finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', wake);
  });
  if (!isLate) return pipe;
  await pipe.close();
  throw new UserError(`${file} is a pipe, and nothing has written into it for ${waitS} s. Start its writer first`);
}

/** False while there is no reader that waits for a writer. */
function writeNothing(pipe: string): boolean {
  try {
    closeSync(openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
    return false;
  }
}
