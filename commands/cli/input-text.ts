// An input file as its text: unpacked, and in whatever encoding it was saved.
import { constants, isAscii, isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { UserError } from '../../model/user-error.ts';
import type { InputContext } from './context.ts';
import { isPacked, isStdin, openInput } from './open-input.ts';

/** Returns the text of a file, or of stdin for `-`. Throws a UserError for what cannot be read or unpacked, or is too long. */
export async function readInputText(file: string, inputs: InputContext): Promise<string> {
  return decode(await readBytes(file, inputs));
}

async function readBytes(file: string, inputs: InputContext): Promise<Buffer> {
  // At once: pieces and their sum need twice the memory, and a year of minutes has 60 MB.
  if (!isStdin(file) && statSync(file).isFile() && statSync(file).size > 0) {
    checkLength(file, statSync(file).size);
    const whole = readWhole(file);
    if (!isPacked(whole)) return whole;
  }
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of openInput(file, inputs)) {
    length += piece.length;
    // A small file can unpack to more than the memory holds.
    checkLength(file, length);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function checkLength(file: string, length: number): void {
  if (length > constants.MAX_STRING_LENGTH)
    throw new UserError(
      `${file} is too long: over ${Math.floor(constants.MAX_STRING_LENGTH / 1e6)} MB. Split it, and give all parts`,
    );
}

function readWhole(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw new UserError(`${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

function decode(bytes: Buffer): string {
  const [first, second] = bytes;
  // With a byte order mark, as PowerShell writes with >, or without one.
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return decodeAs('utf-16le', bytes);
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return decodeAs('utf-16be', bytes);
  // Ten times as fast, and most files are so.
  if (isAscii(bytes)) return bytes.toString('latin1');
  // Excel saves CSV in the code page of Windows.
  return decodeAs(isUtf8(bytes) ? 'utf-8' : 'windows-1252', bytes);
}

function decodeAs(encoding: string, bytes: Buffer): string {
  return new TextDecoder(encoding).decode(bytes);
}
