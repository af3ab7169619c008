import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import { openInput } from '../../cli/open-input.ts';
import { openSource } from '../../cli/open-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'input-'));
afterAll(() => rmSync(folder, { recursive: true }));

const { signal } = new AbortController();

async function read(name: string, content: Uint8Array): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, content);
  const chunks: Uint8Array[] = [];
  for await (const chunk of openInput(path, { stdin: Readable.from([]), signal })) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('gives the bytes of a file, of members of gzip that follow each other, and of what was packed twice', async () => {
  expect(await read('empty', Buffer.alloc(0))).toBe('');
  expect(await read('plain', Buffer.from('a\n'.repeat(400_000)))).toHaveLength(800_000);
  expect(await read('two.gz', Buffer.concat([gzipSync('one\n'), gzipSync('two\n')]))).toBe('one\ntwo\n');
  expect(await read('twice.gz', gzipSync(gzipSync('one\n')))).toBe('one\n');
  expect(await read('one.lzma', execFileSync('xz', ['-c', '--format=lzma'], { input: 'one\n' }))).toBe('one\n');
  expect(await read('empty.zip', Buffer.concat([Buffer.from('PK\u0005\u0006'), Buffer.alloc(18)]))).toBe('');
  expect(await read('one.br', brotliCompressSync('one\n'))).toBe('one\n');
});

test.each([
  [
    'cut.br',
    brotliCompressSync('a b c d e f'.repeat(99)).subarray(0, 9),
    'compressed (brotli) and cannot be unpacked: unexpected end',
  ],
  ['cut.gz', gzipSync('a'.repeat(1000)).subarray(0, 20), 'cannot be unpacked: unexpected end of file'],
  ['logs.7z', Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]), 'is compressed (7z). Unpack it first: 7z x'],
  ['logs.rar', Buffer.from('Rar!\u001a\u0007\u0001'), 'is compressed (rar). Unpack it first: unrar x'],
  ['logs.tar', Buffer.concat([Buffer.alloc(257), Buffer.from('ustar'), Buffer.alloc(250)]), 'is a tar archive'],
  ['day.xlsx', Buffer.from('PK\u0003\u0004 [Content_Types].xml'), 'is a workbook. Save the sheet as CSV'],
])('%s is refused with what to do', async (name, content, message) => {
  await expect(read(name, content)).rejects.toThrow(message);
});

test('a device, and a pipe without a writer, are refused; a pipe with one is read to its end', async () => {
  const all = async (file: string, waitS?: number) => {
    let text = '';
    for await (const bytes of openSource(file, { signal, ...(waitS !== undefined && { waitS }) }))
      text += Buffer.from(bytes).toString();
    return text;
  };
  await expect(all('/dev/zero')).rejects.toThrow('/dev/zero is a device: it does not end. Give a file');
  expect(await all('/dev/null')).toBe('');
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  await expect(all(pipe, 0.01)).rejects.toThrow('is a pipe, and nothing has written into it for 0.01 s');
  const [text] = await Promise.all([all(pipe), writeFile(pipe, 'one\ntwo\n')]);
  expect(text).toBe('one\ntwo\n');
});

describe('reading that the user stops', () => {
  const stopped = { reason: 'stopped by SIGINT', exitCode: 130 };
  /** Reads until the first piece, and stops. */
  const readFirst = async (file: string, stdin = Readable.from([])) => {
    const stop = new AbortController();
    for await (const _ of openInput(file, { stdin, signal: stop.signal })) stop.abort(stopped);
  };
  const lines = Buffer.from('a line of a log\n'.repeat(300_000));

  test.each([
    ['plain', lines],
    ['packed.gz', gzipSync(lines)],
    ['packed.xz', execFileSync('xz', ['-0c'], { input: lines })],
    ['short', Buffer.from('one\n')],
  ])('ends with the exit code of the signal: %s', async (name, content) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    await expect(readFirst(path)).rejects.toMatchObject({ name: 'UserError', message: stopped.reason, exitCode: 130 });
  });

  test('waits for no more of stdin', async () => {
    const stdin = new PassThrough();
    stdin.write('one\n'.repeat(200));
    await expect(readFirst('-', stdin)).rejects.toMatchObject({ exitCode: 130 });
    expect(stdin.destroyed).toBe(true);
  });

  test('waits for no writer of a pipe', async () => {
    const pipe = join(folder, 'silent');
    execFileSync('mkfifo', [pipe]);
    const stop = new AbortController();
    const reading = openInput(pipe, { stdin: Readable.from([]), signal: stop.signal })
      [Symbol.asyncIterator]()
      .next();
    stop.abort(stopped);
    await expect(reading).rejects.toMatchObject({ exitCode: 130 });
  });
});
