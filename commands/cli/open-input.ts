// An input file as its bytes: opened once, unpacked while it is read. A pipe cannot be read twice.
import { spawn } from 'node:child_process';
import { addAbortSignal, type Readable } from 'node:stream';
import { type BrotliDecompress, createBrotliDecompress, createGunzip, type Gunzip } from 'node:zlib';
import { StoppedError, UserError } from '../../model/user-error.ts';
import type { InputContext } from './context.ts';
import { openSource } from './open-source.ts';

type Bytes = AsyncIterable<Uint8Array>;
type Packing = {
  readonly name: string;
  readonly magic: readonly number[];
  /** Reads stdin, writes stdout. */
  readonly program?: readonly [string, ...string[]];
  /** How the user unpacks it. */
  readonly hint: string;
};

const packings: readonly Packing[] = [
  { name: 'gzip', magic: [0x1f, 0x8b], hint: 'gunzip --keep' },
  { name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a], program: ['xz', '-dc'], hint: 'xz --decompress --keep' },
  { name: 'lzma', magic: [0x5d, 0x00, 0x00], program: ['xz', '-dc'], hint: 'xz --decompress --keep --format=lzma' },
  { name: 'bzip2', magic: [0x42, 0x5a, 0x68], program: ['bzip2', '-dc'], hint: 'bunzip2 --keep' },
  { name: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd], program: ['zstd', '-dcq'], hint: 'unzstd --keep' },
  { name: 'compress', magic: [0x1f, 0x9d], program: ['gzip', '-dc'], hint: 'gunzip --keep' },
  { name: 'lz4', magic: [0x04, 0x22, 0x4d, 0x18], program: ['lz4', '-dc'], hint: 'unlz4' },
  { name: 'zip', magic: [0x50, 0x4b, 0x03, 0x04], hint: 'unzip' },
  // Without a member.
  { name: 'zip', magic: [0x50, 0x4b, 0x05, 0x06], hint: 'unzip' },
  { name: 'rar', magic: [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07], hint: 'unrar x' },
  { name: '7z', magic: [0x37, 0x7a, 0xbc, 0xaf, 0x27], hint: '7z x' },
];
/** Bytes in which the marks of all formats stand; the mark of tar is at 257. */
const headLength = 512;

/** Whether a name is that of stdin. */
export function isStdin(file: string): boolean {
  return file === '-' || file === '/dev/stdin';
}

/**
 * Yields the bytes of a file, or of stdin for `-`, unpacked. Throws a UserError for what cannot be read or unpacked, or has no end, and where
 * the user stops the reading.
 */
export async function* openInput(file: string, { stdin, signal }: InputContext): Bytes {
  const source = isStdin(file) ? (addAbortSignal(signal, stdin as Readable) as Bytes) : openSource(file, { signal });
  try {
    yield* unpack(source, file, signal);
    throwIfStopped(signal);
  } catch (cause) {
    throwIfStopped(signal);
    const { code } = cause as NodeJS.ErrnoException;
    if (cause instanceof UserError || code === undefined || code.startsWith('ERR_')) throw cause;
    throw new UserError(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** What was packed may seem to be whole when its reading was stopped. */
function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new StoppedError(signal.reason);
}

/** A file may be packed twice. */
async function* unpack(source: Bytes, file: string, signal: AbortSignal, depth = 0): Bytes {
  const chunks = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  for (let next = await readHead(chunks, head); next !== undefined; next = await readHead(chunks, head)) head = next;
  const whole = (async function* (): Bytes {
    try {
      if (head.length > 0) yield head;
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
    } finally {
      await chunks.return?.();
    }
  })();
  // Nothing in the bytes says brotli.
  const isBrotli = depth === 0 && file.endsWith('.br');
  const packing = packingOf(head);
  if (isTar(head)) throw new UserError(`${file} is a tar archive. Unpack it first: tar xf ${file}`);
  if (isBrotli) yield* unpack(inflate(whole, file, 'brotli', createBrotliDecompress()), file, signal, depth + 1);
  else if (!packing || depth > 2) yield* whole;
  else if (packing.name === 'gzip')
    yield* unpack(inflate(whole, file, 'gzip', createGunzip()), file, signal, depth + 1);
  else if (packing.name === 'zip') yield* unpack(unzip(whole, head, file, packing, signal), file, signal, depth + 1);
  else if (packing.program)
    yield* unpack(runUnpacker(whole, file, packing, packing.program, signal), file, signal, depth + 1);
  else throw new UserError(`${file} is compressed (${packing.name}). Unpack it first: ${packing.hint} ${file}`);
}

function packingOf(head: Buffer): Packing | undefined {
  return packings.find(({ magic }) => magic.every((byte, index) => head[index] === byte));
}

function isTar(head: Buffer): boolean {
  return head.subarray(257, 262).toString('latin1') === 'ustar';
}

/** Whether these bytes, the first of a file, are those of an archive or of compressed data. */
export function isPacked(head: Buffer): boolean {
  return isTar(head) || packingOf(head) !== undefined;
}

async function readHead(
  chunks: AsyncIterator<Uint8Array>,
  head: Buffer<ArrayBuffer>,
): Promise<Buffer<ArrayBuffer> | undefined> {
  if (head.length >= headLength) return undefined;
  const next = await chunks.next();
  return next.done ? undefined : Buffer.concat([head, next.value]);
}

async function* inflate(source: Bytes, file: string, name: string, zip: Gunzip | BrotliDecompress): Bytes {
  const feeding = feed(source, zip);
  try {
    yield* zip as unknown as Bytes;
    await feeding;
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`${file} is compressed (${name}) and cannot be unpacked: ${(cause as Error).message}`, {
      cause,
    });
  } finally {
    zip.destroy();
  }
}

/** unzip reads no pipe: the members are found by jumping. */
async function* unzip(source: Bytes, head: Buffer, file: string, packing: Packing, signal: AbortSignal): Bytes {
  const isWorkbook = head.includes('[Content_Types].xml');
  const isStream = file === '-' || file.startsWith('/dev/');
  if (isWorkbook) throw new UserError(`${file} is a workbook. Save the sheet as CSV, and give that file`);
  if (isStream) throw new UserError(`${file} is compressed (zip). Pipe it unpacked: unzip -p FILE | ...`);
  await (source as AsyncGenerator).return(undefined);
  yield* runUnpacker(undefined, file, packing, ['unzip', '-p', file, '-x', '__MACOSX/*'], signal);
}

async function* runUnpacker(
  source: Bytes | undefined,
  file: string,
  { name, hint }: Packing,
  [program, ...args]: readonly [string, ...string[]],
  signal: AbortSignal,
): Bytes {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], signal });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(0, 1000);
  });
  const ended = new Promise<number | 'missing'>((resolve) => {
    child.once('error', () => resolve('missing'));
    child.once('close', (code) => resolve(code ?? 1));
  });
  const feeding = source ? feed(source, child.stdin) : Promise.resolve(child.stdin.end());
  try {
    yield* child.stdout as unknown as Bytes;
    const code = await ended;
    if (code === 'missing')
      throw new UserError(
        `${file} is compressed (${name}), and ${program} is not installed here. Install ${program}, or unpack the file first: ${hint} ${file}`,
      );
    // unzip returns 1 and 11 for warnings, as for a member that is not there to leave out.
    if (code !== 0 && !(program === 'unzip' && (code === 1 || code === 11))) {
      const why = said.split('\n')[0]?.replace(/\p{C}/gu, '') ?? '';
      throw new UserError(
        `${file} is compressed (${name}) and cannot be unpacked${why ? `: ${why}` : ''}. Try: ${hint} ${file}`,
      );
    }
    await feeding;
  } finally {
    child.kill();
  }
}

/** Writes the source at the pace of the reader. A reader that ended early says why itself. */
async function feed(source: Bytes, into: NodeJS.WritableStream): Promise<void> {
  let isClosed = false;
  const closed = new Promise<void>((resolve) => {
    for (const event of ['error', 'close']) into.once(event, () => resolve());
  }).then(() => {
    isClosed = true;
  });
  try {
    for await (const chunk of source) {
      if (isClosed) break;
      if (!into.write(chunk))
        await Promise.race([closed, new Promise<void>((resolve) => into.once('drain', () => resolve()))]);
    }
    into.end();
  } catch (error) {
    (into as unknown as { destroy: (error: unknown) => void }).destroy(error);
  }
}
