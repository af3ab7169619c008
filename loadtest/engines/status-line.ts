// The first line of an answer (RFC 9112, 4), byte by byte.
import type { ConnectionErrorCode } from '../../model/connection-error.ts';
import { isText } from './text-bytes.ts';

const cr = 0x0d;
const lf = 0x0a;
const space = 0x20;
const zero = 0x30;

/** "#" stands for a digit. */
const pattern = Uint8Array.from('HTTP/1.# ###', (letter) => letter.charCodeAt(0));
const digitMark = 0x23;
const minorAt = 7;
const statusAt = 9;

export class StatusLine {
  status = 0;
  /** Of the version: 0 or 1. */
  minor = 0;
  /** Its line end has begun. */
  complete = false;
  #index = 0;

  reset(): void {
    this.status = 0;
    this.complete = false;
    this.#index = 0;
  }

  /** Takes the next byte; returns why it cannot be part of a status line, if so. */
  feed(byte: number): ConnectionErrorCode | undefined {
    const index = this.#index;
    if (index < pattern.length) {
      // Line ends behind the answer before, as some CGI programs send them.
      if (index === 0 && (byte === cr || byte === lf)) return undefined;
      this.#index++;
      return this.#fits(index, byte) ? undefined : refuse(index, byte);
    }
    this.#index++;
    if (byte === cr) this.complete = true;
    else if (index === pattern.length ? byte !== space : !isText[byte]) return 'HTTP_BAD_STATUS_LINE';
    return undefined;
  }

  #fits(index: number, byte: number): boolean {
    const expected = pattern[index] as number;
    if (expected !== digitMark) return byte === expected;
    const digit = byte - zero;
    if (digit < 0 || digit > 9) return false;
    if (index === minorAt) {
      this.minor = digit;
      return digit <= 1;
    }
    this.status = this.status * 10 + digit;
    return index > statusAt || digit > 0;
  }
}

/** By the first bytes: what else speaks on such a port. */
function refuse(index: number, byte: number): ConnectionErrorCode {
  if (index >= minorAt - 2) return 'HTTP_BAD_STATUS_LINE';
  // A frame of HTTP/2 begins with its length, of three bytes; a record of TLS with its type, an alert or a handshake.
  if (index === 0 && byte === 0) return 'HTTP_2';
  return index === 0 && (byte === 0x15 || byte === 0x16) ? 'HTTP_TLS' : 'HTTP_NOT_HTTP';
}
