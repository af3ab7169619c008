// The first line of an answer (RFC 9112, 4), byte by byte.
import type { ConnectionErrorCode } from '../../../model/connection-error.ts';

const cr = 0x0d;
const lf = 0x0a;
const space = 0x20;
const zero = 0x30;

/** What servers call the version; all of them speak 1.x on a port like this (llhttp takes the same four). */
const versions = new Set([9, 10, 11, 20]);

/** "#" stands for a digit. */
const pattern = Uint8Array.from('HTTP/#.# ###', (letter) => letter.charCodeAt(0));
const digitMark = 0x23;
const majorAt = 5;
const statusAt = 9;

export class StatusLine {
  status = 0;
  /** Connections of HTTP/1.1 stay open unless a header ends them; those of other versions end unless a header keeps them. */
  persistent = false;
  /** Its line end has begun. */
  complete = false;
  #version = 0;
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
    else if (index === pattern.length ? byte !== space : byte === lf) return 'HTTP_BAD_STATUS_LINE';
    return undefined;
  }

  #fits(index: number, byte: number): boolean {
    const expected = pattern[index] as number;
    if (expected !== digitMark) return byte === expected;
    const digit = byte - zero;
    if (digit < 0 || digit > 9) return false;
    if (index < statusAt) {
      this.#version = index === majorAt ? 10 * digit : this.#version + digit;
      this.persistent = this.#version === 11;
      return index === majorAt || versions.has(this.#version);
    }
    this.status = this.status * 10 + digit;
    return index > statusAt || digit > 0;
  }
}

/** By the first bytes: what else speaks on such a port. */
function refuse(index: number, byte: number): ConnectionErrorCode {
  if (index >= majorAt) return 'HTTP_BAD_STATUS_LINE';
  // A frame of HTTP/2 begins with its length, of three bytes; a record of TLS with its type, an alert or a handshake.
  if (index === 0 && byte === 0) return 'HTTP_2';
  return index === 0 && (byte === 0x15 || byte === 0x16) ? 'HTTP_TLS' : 'HTTP_NOT_HTTP';
}
