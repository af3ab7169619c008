// Finds the end of a body: by its length, by its chunks (RFC 9112, 7.1), or by the end of its connection.
import type { ConnectionErrorCode } from '../../../model/connection-error.ts';
import { ChunkExtension } from './chunk-extension.ts';
import type { Kept } from './kept.ts';

const cr = 0x0d;
const lf = 0x0a;
const semicolon = 0x3b;

/** Of a chunk, the next byte is one of ... */
const at = { size: 0, extension: 1, sizeLineFeed: 2, data: 3, dataReturn: 4, dataLineFeed: 5 } as const;

/** Of the line before a chunk, as llhttp takes. */
const longestLine = 16 * 1024;

const hexDigits = Int8Array.from({ length: 256 }, (_, byte) => {
  const letter = String.fromCharCode(byte);
  return /[0-9A-Fa-f]/.test(letter) ? Number.parseInt(letter, 16) : -1;
});

export class BodyReader {
  chunked = false;
  untilClose = false;
  /** Bytes of the body so far, without what frames them. */
  bytes = 0;
  /** Bytes that are still to come; of a chunked body 0 once its last chunk has come. */
  left = 0;
  refusal: ConnectionErrorCode | undefined;
  #state: number = at.size;
  #inChunk = 0;
  #digits = 0;
  /** Of the line that is read now. */
  #lineBytes = 0;
  readonly #extension = new ChunkExtension();

  /** A length below 0 is none. */
  begin(length: number, chunked: boolean): void {
    this.chunked = chunked;
    this.untilClose = !chunked && length < 0;
    this.bytes = 0;
    this.left = chunked || length < 0 ? Number.POSITIVE_INFINITY : length;
    this.refusal = undefined;
    this.#state = at.size;
    this.#inChunk = 0;
    this.#digits = 0;
    this.#lineBytes = 0;
  }

  /** Returns where it stopped to read: at the end of the body, or of the bytes. */
  feed(bytes: Buffer, from: number, end: number, kept: Kept | undefined): number {
    if (!this.chunked) return this.#data(bytes, from, Math.min(end, from + this.left), kept);
    let next = from;
    while (next < end && this.left > 0 && this.refusal === undefined) {
      if (this.#state === at.data) {
        const begin = next;
        next = this.#data(bytes, begin, Math.min(end, begin + this.#inChunk), kept);
        this.#inChunk -= next - begin;
        if (this.#inChunk === 0) this.#state = at.dataReturn;
      } else this.#framingByte(bytes[next++] as number);
    }
    return next;
  }

  #data(bytes: Buffer, from: number, end: number, kept: Kept | undefined): number {
    this.bytes += end - from;
    this.left -= end - from;
    if (kept !== undefined && kept.bodyBytesLeft > 0) kept.keepBody(bytes, from, end);
    return end;
  }

  #framingByte(byte: number): void {
    let right = true;
    switch (this.#state) {
      case at.size:
        right = this.#sizeByte(byte);
        break;
      case at.extension:
        right = this.#extension.feed(byte);
        if (byte === cr) this.#state = at.sizeLineFeed;
        break;
      case at.sizeLineFeed:
        right = byte === lf;
        if (this.#inChunk === 0) this.left = 0;
        this.#state = at.data;
        break;
      case at.dataReturn:
        right = byte === cr;
        this.#state = at.dataLineFeed;
        break;
      default:
        right = byte === lf;
        this.#state = at.size;
        this.#digits = 0;
        this.#lineBytes = 0;
    }
    if (!right || ++this.#lineBytes > longestLine) this.refusal = 'HTTP_BAD_CHUNK';
  }

  #sizeByte(byte: number): boolean {
    const digit = hexDigits[byte] as number;
    if (digit >= 0) {
      this.#inChunk = this.#inChunk * 16 + digit;
      this.#digits++;
      return this.#inChunk <= Number.MAX_SAFE_INTEGER;
    }
    this.#state = byte === cr ? at.sizeLineFeed : at.extension;
    this.#extension.begin();
    return this.#digits > 0 && (byte === cr || byte === semicolon);
  }
}
