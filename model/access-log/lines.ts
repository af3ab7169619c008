// Chunks of bytes -> text, and text -> lines.
import { isAscii } from 'node:buffer';
import { StringDecoder } from 'node:string_decoder';
import { UserError } from '../user-error.ts';

/** Characters; a longer line is cut there: memory stays bounded, whatever the file holds. */
export const longestLine = 256 * 1024;

/**
 * Returns a decoder of UTF-8 and UTF-16 (by its byte order mark, or by its zero bytes). Holes of NUL bytes and byte order marks are dropped.
 * `add` throws a UserError for what seems to have nothing else.
 */
export function createDecoder(largestHole = 4 * 1024 ** 3) {
  let decoder: { readonly write: (bytes: Uint8Array) => string; readonly end: () => string } | undefined;
  let head: Uint8Array | undefined;
  const clean = (text: string): string =>
    text.includes('\0') || text.includes('\uFEFF') ? text.replaceAll('\0', '').replaceAll('\uFEFF', '') : text;
  const decode = (bytes: Uint8Array): string => {
    decoder ??= decoderOf(bytes);
    return clean(decoder.write(bytes));
  };
  let holeBytes = 0;
  return {
    add(bytes: Uint8Array): string {
      if (isHole(bytes)) {
        holeBytes += bytes.length;
        if (holeBytes > largestHole)
          throw new UserError(`the input has more than ${largestHole} NUL bytes. Give a file of text`);
        return '';
      }
      if (decoder) return decode(bytes);
      head = head ? join(head, bytes) : bytes;
      return head.length < 4 ? '' : decode(head);
    },
    end(): string {
      const rest = decoder || !head ? '' : decode(head);
      return rest + clean(decoder?.end() ?? '');
    },
  };
}

/** At once: a file that was cut while it was written can begin with gigabytes of them. */
const zeros = Buffer.alloc(64 * 1024);

function isHole(bytes: Uint8Array): boolean {
  return (
    bytes.length > 4 && bytes[0] === 0 && bytes.length <= zeros.length && zeros.subarray(0, bytes.length).equals(bytes)
  );
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** Of what Node.js decodes twice as fast as TextDecoder does, all but UTF-16 with its bytes the other way round. */
function decoderOf([first = 1, second = 1, third = 1, fourth = 1]: Uint8Array) {
  if (first === 0xff && second === 0xfe) return new StringDecoder('utf16le');
  if (first !== 0 && second === 0 && third !== 0 && fourth === 0) return new StringDecoder('utf16le');
  const isSwapped = (first === 0xfe && second === 0xff) || (first === 0 && second !== 0 && third === 0 && fourth !== 0);
  if (!isSwapped) return createUtf8Decoder();
  const decoder = new TextDecoder('utf-16be');
  return { write: (bytes: Uint8Array) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() };
}

/** Most logs are ASCII, which takes a third of the time. A piece behind one that is not may begin with the rest of a letter. */
function createUtf8Decoder() {
  const decoder = new StringDecoder('utf8');
  let isPlain = true;
  return {
    write(bytes: Uint8Array): string {
      const wasPlain = isPlain;
      isPlain = isAscii(bytes);
      if (!isPlain || !wasPlain) return decoder.write(bytes);
      return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    },
    end: () => decoder.end(),
  };
}

/** Returns a splitter at LF, CR LF and CR, and at nothing else: U+2028 stands in user agents. */
export function createSplitter(onLine: (line: string) => void) {
  let rest = '';
  let isCut = false;
  const begin = (text: string): void => {
    isCut ||= rest.length + text.length > longestLine;
    rest = isCut ? (rest + text).slice(0, longestLine) : rest + text;
  };
  /** Without a copy of all that follows the rest of the piece before. */
  const split = (text: string): void => {
    let from = 0;
    for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      const line = text.slice(from, Math.min(to, from + longestLine));
      if (rest === '') onLine(line);
      else {
        begin(line);
        const whole = rest;
        rest = '';
        onLine(whole);
      }
      isCut = false;
      from = to + 1;
    }
    if (from < text.length) begin(text.slice(from));
  };
  let held = '';
  return {
    add(text: string): void {
      let all = held + text;
      // A CR at the end may be half of a CR LF.
      held = all.endsWith('\r') ? '\r' : '';
      if (held) all = all.slice(0, -1);
      split(all.includes('\r') ? all.replace(/\r\n?/g, '\n') : all);
    },
    end(): void {
      const last = rest;
      [rest, held] = ['', ''];
      if (last !== '') onLine(last);
    },
  };
}
