import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from '@jest/globals';
import { readInputText } from '../../cli/input-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'input-'));
const text = 'time,cpu ° %\n2026-01-05 00:00,5\n';

afterAll(() => rmSync(folder, { recursive: true }));

function file(bytes: Buffer): string {
  const path = join(folder, 'cpu.csv');
  writeFileSync(path, bytes);
  return path;
}

const inputs = (...pieces: Buffer[]) => ({ stdin: Readable.from(pieces), signal: new AbortController().signal });
const utf16 = (content: string) => Buffer.from(content, 'utf16le');

test.each([
  ['UTF-8', Buffer.from(text)],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
  ['UTF-16, as PowerShell writes it', utf16(`\ufeff${text}`)],
  ['UTF-16 without a byte order mark', utf16(text)],
  ['UTF-16 with the high byte first', utf16(`\ufeff${text}`).swap16()],
  ['the code page of Windows', Buffer.from(text, 'latin1')],
  ['gzip', gzipSync(text)],
])('a file in %s is the same text', async (_, bytes) => {
  expect(await readInputText(file(bytes), inputs())).toBe(text);
});

test('stdin is read, packed or not', async () => {
  for (const bytes of [Buffer.from(text), gzipSync(text)]) expect(await readInputText('-', inputs(bytes))).toBe(text);
});
