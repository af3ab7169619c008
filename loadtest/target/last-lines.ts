// The end of what a program wrote, for one sentence about its failure.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

const mostBytes = 4096;
const mostLines = 16;

/** The last lines of a file that are not blank, without colours and control characters; empty where the file is. */
export function lastLines(file: string): readonly string[] {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const buffer = Buffer.alloc(Math.min(size, mostBytes));
    readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
    return stripVTControlCharacters(buffer.toString('utf8'))
      .split(/\r?\n/)
      .map((line) => line.replace(/[\p{Cc}\uFFFD]/gu, ' ').trimEnd())
      .filter((line) => line !== '')
      .slice(-mostLines);
  } finally {
    closeSync(descriptor);
  }
}
