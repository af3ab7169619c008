// Messages as texts with a character for each byte.

/** The bytes of a text in UTF-8. */
export function latin1(text: string): string {
  return isAscii.test(text) ? text : Buffer.from(text).toString('latin1');
}

/** The text of the bytes: of UTF-8 where they are, else of Latin-1. */
export function fromLatin1(bytes: string): string {
  if (isAscii.test(bytes)) return bytes;
  try {
    return utf8.decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return bytes;
  }
}

const isAscii = /^[\0-\x7f]*$/;
const utf8 = new TextDecoder('utf-8', { fatal: true });
