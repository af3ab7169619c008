// What the headers of an answer say of where it ends (RFC 9112, 6 and 9.3), read byte by byte: no string is made of them.
import type { ConnectionErrorCode } from '../../../model/connection-error.ts';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const contentLength = bytesOf('content-length');
const transferEncoding = bytesOf('transfer-encoding');
const connection = bytesOf('connection');
const chunked = bytesOf('chunked');
const closing = bytesOf('close');
const keepAlive = bytesOf('keep-alive');
const setCookie = bytesOf('set-cookie');
const timeout = bytesOf('timeout=');

const space = 0x20;
const tab = 0x09;
const comma = 0x2c;
/** Turns letters to lower case, and leaves the other characters of names in this file as they are. */
const lower = 0x20;
/** The longest word that matters, and one byte more to see that a word is longer. */
const wordBytes = transferEncoding.length + 1;

/** Below it, as llhttp takes it. Of an answer that has no body it says nothing; any other would not end in a lifetime. */
const longestLength = 2 ** 64;

type HeaderKind = 'length' | 'encoding' | 'connection' | 'keepAlive' | undefined;

export class Framing {
  /** Of the body, -1 without a Content-Length. */
  length = -1;
  /** The last transfer coding is chunked; without it, an encoded body ends with the connection. */
  chunked = false;
  encoded = false;
  close = false;
  keepAlive = false;
  /** How long the server keeps an idle connection (`Keep-Alive: timeout=5`), in seconds; -1 where it does not say. */
  keepAliveS = -1;
  /** Says nothing of the end, but is found on the way. */
  setsCookie = false;
  /** Of the header that is read now; the values of others mean nothing here. */
  kind: HeaderKind;
  #word = new Uint8Array(wordBytes);
  #letters = 0;
  #gap = false;
  /** Of the value that is read now, blanks apart. */
  #valueBytes = 0;

  reset(): void {
    this.length = -1;
    this.chunked = false;
    this.encoded = false;
    this.close = false;
    this.keepAlive = false;
    this.keepAliveS = -1;
    this.setsCookie = false;
    this.#letters = 0;
  }

  nameByte(byte: number): void {
    if (this.#letters < wordBytes) this.#word[this.#letters++] = byte | lower;
  }

  /** The name is complete. A second length is refused, even the same: whoever sends two does not know where an answer ends. */
  nameEnds(): ConnectionErrorCode | undefined {
    this.kind = undefined;
    if (this.#letters === contentLength.length && this.#is(contentLength)) this.kind = 'length';
    else if (this.#letters === connection.length && this.#is(connection)) this.kind = 'connection';
    else if (this.#letters === transferEncoding.length && this.#is(transferEncoding)) this.kind = 'encoding';
    else if (this.#letters === keepAlive.length && this.#is(keepAlive)) this.kind = 'keepAlive';
    else if (this.#letters === setCookie.length && this.#is(setCookie)) this.setsCookie = true;
    this.#letters = 0;
    this.#gap = false;
    this.#valueBytes = 0;
    if (this.kind === 'length') {
      if (this.length >= 0) return 'HTTP_TWO_LENGTHS';
      this.length = 0;
    }
    if (this.kind === 'encoding') this.encoded = true;
    return this.encoded && this.length >= 0 ? 'HTTP_LENGTH_AND_CHUNKED' : undefined;
  }

  valueByte(byte: number): ConnectionErrorCode | undefined {
    if (byte === space || byte === tab) {
      this.#gap = true;
      return undefined;
    }
    if (this.kind === 'length') return this.#digit(byte);
    this.#valueBytes++;
    if (byte === comma) this.#wordEnds();
    // Two words with a blank between them are none of ours.
    else if (this.#gap && this.#letters > 0) this.#letters = wordBytes;
    else this.nameByte(byte);
    this.#gap = false;
    return undefined;
  }

  valueEnds(): ConnectionErrorCode | undefined {
    if (this.kind === 'length') return this.#valueBytes === 0 ? 'HTTP_BAD_LENGTH' : undefined;
    // One without a value adds nothing to a list (RFC 9110, 5.6.1).
    if (this.#valueBytes > 0) this.#wordEnds();
    return undefined;
  }

  #digit(byte: number): ConnectionErrorCode | undefined {
    const digit = byte - 0x30;
    if (digit < 0 || digit > 9 || (this.#gap && this.#valueBytes > 0)) return 'HTTP_BAD_LENGTH';
    this.#gap = false;
    this.#valueBytes++;
    this.length = this.length * 10 + digit;
    return this.length >= longestLength ? 'HTTP_BAD_LENGTH' : undefined;
  }

  #wordEnds(): void {
    if (this.kind === 'encoding') this.chunked = this.#letters === chunked.length && this.#is(chunked);
    else if (this.kind === 'keepAlive') this.#parameterEnds();
    else if (this.#letters === closing.length && this.#is(closing)) this.close = true;
    else if (this.#letters === keepAlive.length && this.#is(keepAlive)) this.keepAlive = true;
    this.#letters = 0;
  }

  #parameterEnds(): void {
    if (this.#letters <= timeout.length || this.#letters === wordBytes || !this.#is(timeout)) return;
    let seconds = 0;
    for (let index = timeout.length; index < this.#letters; index++) {
      const digit = (this.#word[index] as number) - 0x30;
      if (digit < 0 || digit > 9) return;
      seconds = seconds * 10 + digit;
    }
    this.keepAliveS = seconds;
  }

  #is(word: Uint8Array): boolean {
    for (let index = 0; index < word.length; index++) if (this.#word[index] !== word[index]) return false;
    return true;
  }
}
