/** How a stored file is served. */
interface FileType {
  readonly extension: string;
  readonly contentType: string;
  /** Whether a browser may show it; if not, it is downloaded. */
  readonly inline: boolean;
}

/** How many of the first bytes `detectFileType` needs. */
export const SNIFF_BYTES = 4096;

const PNG: FileType = { extension: 'png', contentType: 'image/png', inline: true };
const JPEG: FileType = { extension: 'jpg', contentType: 'image/jpeg', inline: true };
const GIF: FileType = { extension: 'gif', contentType: 'image/gif', inline: true };
const WEBP: FileType = { extension: 'webp', contentType: 'image/webp', inline: true };
const PDF: FileType = { extension: 'pdf', contentType: 'application/pdf', inline: false };
const ZIP: FileType = { extension: 'zip', contentType: 'application/zip', inline: false };
// HTML, SVG and scripts are served as plain text, so that browsers do not run them.
const TEXT: FileType = { extension: 'txt', contentType: 'text/plain; charset=utf-8', inline: true };
const BINARY: FileType = { extension: 'bin', contentType: 'application/octet-stream', inline: false };

const ALL = new Map([PNG, JPEG, GIF, WEBP, PDF, ZIP, TEXT, BINARY].map((type) => [type.extension, type]));

/** The type of a file by its first bytes; the client's file name and content type are ignored. */
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

/** The type of a stored file by the extension that the app gave it. */
export function storedFileType(name: string): FileType {
  return ALL.get(name.slice(name.lastIndexOf('.') + 1)) ?? BINARY;
}

function isText(bytes: Buffer): boolean {
  if (bytes.includes(0)) return false;
  try {
    // stream: true accepts a character that is cut off at the end.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
