// What stands behind the size of a chunk (RFC 9112, 7.1.1): read over, and refused where llhttp, the parser of Node,
// refuses it: it takes empty names.
import { isText, isToken } from './text-bytes.ts';

const cr = 0x0d;
const semicolon = 0x3b;
const equals = 0x3d;
const quote = 0x22;
const backslash = 0x5c;

/** The next byte is of ... */
const at = { nameBegin: 0, name: 1, valueBegin: 2, value: 3, quoted: 4, escaped: 5, quotedEnd: 6 } as const;

export class ChunkExtension {
  #state: number = at.nameBegin;

  begin(): void {
    this.#state = at.nameBegin;
  }

  /** Takes the bytes behind a semicolon, up to the CR that ends the line; false when one cannot stand there. */
  feed(byte: number): boolean {
    const state = this.#state;
    if (state === at.quoted || state === at.escaped) return this.#quoted(byte);
    if (state !== at.quotedEnd && isToken[byte]) {
      this.#state = state < at.valueBegin ? at.name : at.value;
      return true;
    }
    if (byte === cr) return state !== at.nameBegin;
    if (byte === semicolon) this.#state = at.nameBegin;
    else if (byte === equals && state < at.valueBegin) this.#state = at.valueBegin;
    else if (byte === quote && (state === at.valueBegin || state === at.value)) this.#state = at.quoted;
    else return false;
    return true;
  }

  #quoted(byte: number): boolean {
    if (this.#state === at.escaped) this.#state = at.quoted;
    else if (byte === quote) this.#state = at.quotedEnd;
    else if (byte === backslash) this.#state = at.escaped;
    return isText[byte] === 1;
  }
}
