/** What a stored file may be served as. */
export interface FileType {
  readonly extension: string;
  readonly contentType: string;
  /** Whether a browser may show it; everything else is a download. */
  readonly inline: boolean;
}

/** How many of the first bytes `detectFileType` wants to see. */
export const SNIFF_BYTES = 4096;

const PNG: FileType = { extension: 'png', contentType: 'image/png', inline: true };
const JPEG: FileType = { extension: 'jpg', contentType: 'image/jpeg', inline: true };
const GIF: FileType = { extension: 'gif', contentType: 'image/gif', inline: true };
const WEBP: FileType = { extension: 'webp', contentType: 'image/webp', inline: true };
const PDF: FileType = { extension: 'pdf', contentType: 'application/pdf', inline: false };
const ZIP: FileType = { extension: 'zip', contentType: 'application/zip', inline: false };
// HTML, SVG and scripts are text too: shown as text they cannot act.
const TEXT: FileType = { extension: 'txt', contentType: 'text/plain; charset=utf-8', inline: true };
const BINARY: FileType = { extension: 'bin', contentType: 'application/octet-stream', inline: false };

const ALL = new Map([PNG, JPEG, GIF, WEBP, PDF, ZIP, TEXT, BINARY].map((type) => [type.extension, type]));

/** The type of a file by its first bytes; what the client calls it is never asked. */
export function detectFileType(head: Uint8Array): FileType {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const starts = (magic: string, at = 0) => bytes.subarray(at, at + magic.length).equals(Buffer.from(magic, 'latin1'));
  if (starts('\x89PNG\r\n\x1a\n')) return PNG;
  if (starts('\xff\xd8\xff')) return JPEG;
  if (starts('GIF87a') || starts('GIF89a')) return GIF;
  if (starts('RIFF') && starts('WEBP', 8)) return WEBP;
  if (starts('%PDF-')) return PDF;
  if (starts('PK\x03\x04')) return ZIP;
  return isText(bytes) ? TEXT : BINARY;
}

/** The type of a stored file by the extension that this app gave it. */
export function storedFileType(name: string): FileType {
  return ALL.get(name.slice(name.lastIndexOf('.') + 1)) ?? BINARY;
}

function isText(bytes: Buffer): boolean {
  if (bytes.includes(0)) return false;
  try {
    // stream: true forgives a character that is cut in two at the end of the head.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
