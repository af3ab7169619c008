// Which bytes may stand in the lines of a head (RFC 9110, 5.5 and 5.6.2), and between answers.

const table = (allows: (letter: string) => boolean): Uint8Array =>
  Uint8Array.from({ length: 256 }, (_, byte) => +allows(String.fromCharCode(byte)));

/** In names. */
export const isToken = table((letter) => /[!#$%&'*+.^_`|~0-9A-Za-z-]/.test(letter));

/** In values and reasons: all but control characters, the tab apart. */
export const isText = table((letter) => letter === '\t' || (letter >= ' ' && letter !== '\x7f'));

/** Only line ends: some CGI programs send them behind an answer. */
export function isBlank(bytes: Buffer, from: number, end: number): boolean {
  for (let index = from; index < end; index++) if (bytes[index] !== 0x0d && bytes[index] !== 0x0a) return false;
  return true;
}

/** The start of a 408, which a server may send when it closes an idle connection (RFC 9110, 15.5.9). */
export function isTimeout(bytes: Buffer, from: number, end: number): boolean {
  return /^HTTP\/1\.[01] 408 /.test(bytes.toString('latin1', from, Math.min(end, from + 13)));
}
