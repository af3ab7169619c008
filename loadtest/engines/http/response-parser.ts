// Reads one HTTP/1.1 answer from bytes that come in any pieces: where it ends, its status, and whether its connection may be used
// again (RFC 9112). Nothing is allocated for an answer; what is not HTTP is refused by a code that names it.
import type { ConnectionErrorCode } from '../../../model/connection-error.ts';
import { BodyReader } from './body-reader.ts';
import { Framing } from './framing.ts';
import type { Kept } from './kept.ts';
import { StatusLine } from './status-line.ts';
import { isText, isToken } from './text-bytes.ts';

/** As large as browsers take; Node's own limit of 16 KiB would make an error of what users get answered. */
const longestHead = 256 * 1024;

const cr = 0x0d;
const lf = 0x0a;
const colon = 0x3a;

/** Where in the head: the next byte is one of ... */
const at = { statusLine: 0, lineFeed: 1, line: 2, name: 3, value: 4, lastLineFeed: 5, body: 6 } as const;

export class ResponseParser {
  complete = false;
  refusal: ConnectionErrorCode | undefined;
  /** Of the whole message as it came: heads, chunk sizes and all. */
  messageBytes = 0;
  /** Of the body, without what frames it. */
  bodyBytes = 0;
  /** Whether the connection may be used again after this answer. */
  persistent = false;
  kept: Kept | undefined;
  #framing = new Framing();
  #body = new BodyReader();
  #line = new StatusLine();
  #state: number = at.statusLine;
  /** Of the answer's head, and of those (1xx) ahead of it. */
  #headBytes = 0;
  #toHead = false;
  #trailers = false;

  get status(): number {
    return this.#line.status;
  }

  /** See Framing. */
  get keepAliveS(): number {
    return this.#framing.keepAliveS;
  }

  /** Makes it ready for the answer to the next request; one to HEAD has no body whatever its headers say. */
  begin(toHead: boolean, kept?: Kept): void {
    this.complete = false;
    this.refusal = undefined;
    this.messageBytes = 0;
    this.bodyBytes = 0;
    this.persistent = false;
    this.kept = kept;
    this.#toHead = toHead;
    this.#headBytes = 0;
    this.#beginHead();
  }

  /** Reads from `from` up to `end`; returns where the answer ended, or `end`. */
  feed(bytes: Buffer, from: number, end: number): number {
    let next = from;
    while (next < end && !this.complete && this.refusal === undefined) {
      const begin = next;
      next = this.#state === at.body ? this.#feedBody(bytes, next, end) : this.#feedHead(bytes, next, end);
      this.messageBytes += next - begin;
    }
    return next;
  }

  /** The other side has closed. Says whether that ended the answer as it should end. */
  close(): boolean {
    if (this.#state === at.body && this.refusal === undefined && this.#body.untilClose) this.complete = true;
    return this.complete;
  }

  #beginHead(): void {
    this.#line.reset();
    this.#state = at.statusLine;
    this.#trailers = false;
    this.#framing.reset();
  }

  #feedHead(bytes: Buffer, from: number, end: number): number {
    let next = from;
    while (next < end && this.#state !== at.body && !this.complete && this.refusal === undefined) {
      next =
        this.#state === at.statusLine ? this.#feedStatusLine(bytes, next, end) : this.#feedHeaders(bytes, next, end);
    }
    const { kept } = this;
    // Of one that is whole and sets no cookie, most want nothing.
    if (kept !== undefined && (kept.everyHead || this.#framing.setsCookie || this.#state !== at.body))
      kept.heads += bytes.toString('latin1', from, next);
    this.#headBytes += next - from;
    if (this.#headBytes > longestHead) this.refusal = 'HTTP_HEAD_TOO_LONG';
    return next;
  }

  #feedStatusLine(bytes: Buffer, from: number, end: number): number {
    const line = this.#line;
    for (let next = from; next < end; next++) {
      this.refusal = line.feed(bytes[next] as number);
      if (this.refusal !== undefined) return next;
      if (line.complete) {
        this.#state = at.lineFeed;
        return next + 1;
      }
    }
    return end;
  }

  #feedHeaders(bytes: Buffer, from: number, end: number): number {
    const framing = this.#framing;
    for (let next = from; next < end; next++) {
      const byte = bytes[next] as number;
      switch (this.#state) {
        case at.name:
          if (isToken[byte]) framing.nameByte(byte);
          else this.#nameEnds(byte);
          break;
        case at.value:
          if (byte === cr) this.#valueEnds();
          else if (!isText[byte]) this.refusal = 'HTTP_BAD_HEADER';
          else if (framing.kind !== undefined) this.refusal = framing.valueByte(byte);
          break;
        case at.line:
          if (byte === cr) this.#state = at.lastLineFeed;
          else if (isToken[byte]) {
            framing.nameByte(byte);
            this.#state = at.name;
          } else this.refusal = 'HTTP_BAD_HEADER';
          break;
        case at.lineFeed:
          if (byte === lf) this.#state = at.line;
          else this.refusal = 'HTTP_BAD_HEADER';
          break;
        default:
          if (byte === lf) this.#headEnds();
          else this.refusal = 'HTTP_BAD_HEADER';
          return next + 1;
      }
      if (this.refusal !== undefined) return next;
    }
    return end;
  }

  #nameEnds(byte: number): void {
    this.refusal = byte === colon ? this.#framing.nameEnds() : 'HTTP_BAD_HEADER';
    this.#state = at.value;
  }

  #valueEnds(): void {
    if (this.#framing.kind !== undefined) this.refusal = this.#framing.valueEnds();
    this.#state = at.lineFeed;
  }

  #headEnds(): void {
    const { status, persistent } = this.#line;
    const framing = this.#framing;
    if (this.#trailers) this.complete = true;
    else if (status === 101) this.refusal = 'HTTP_UPGRADED';
    else if (status < 200) this.#beginHead();
    else {
      const none = this.#toHead || status === 204 || status === 304;
      this.#body.begin(none ? 0 : framing.length, !none && framing.chunked);
      this.#state = at.body;
      this.complete = this.#body.left === 0;
      this.persistent = !this.#body.untilClose && !framing.close && (persistent || framing.keepAlive);
    }
  }

  #feedBody(bytes: Buffer, from: number, end: number): number {
    const next = this.#body.feed(bytes, from, end, this.kept);
    this.bodyBytes = this.#body.bytes;
    this.refusal = this.#body.refusal;
    if (this.#body.left === 0) {
      this.complete = !this.#body.chunked;
      if (this.#body.chunked) {
        this.#trailers = true;
        this.#state = at.line;
      }
    }
    return next;
  }
}
