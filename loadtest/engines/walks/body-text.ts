// The text of a body that was kept of an answer.
import { brotliDecompressSync, constants, gunzipSync, inflateSync } from 'node:zlib';
import type { WalkFailure } from '../../../model/walk.ts';
import type { Kept } from '../http/kept.ts';

/** As it is sent; what follows is not read. */
export const mostBodyBytes = 1024 * 1024;
/** Of one that is packed: more would hold up the generator. */
const mostUnpackedBytes = 16 * mostBodyBytes;

export type BodyText = {
  readonly text: string;
  /** Why there may be more than the text has. */
  readonly problem?: Extract<WalkFailure['why'], 'body-too-long' | 'body-unreadable'>;
};

const decoders: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  identity: (bytes) => bytes,
  gzip: (bytes) => gunzipSync(bytes, { ...limit, finishFlush: constants.Z_SYNC_FLUSH }),
  deflate: (bytes) => inflateSync(bytes, { ...limit, finishFlush: constants.Z_SYNC_FLUSH }),
  br: (bytes) => brotliDecompressSync(bytes, { ...limit, finishFlush: constants.BROTLI_OPERATION_FLUSH }),
};
/** With these flushes the begin of a packed body gives the begin of its text. */
const limit = { maxOutputLength: mostUnpackedBytes };

/** Of the bytes that were kept, all but the one that shows whether there are more. */
export function bodyText({ body, bodyBytesLeft }: Kept, encoding: string): BodyText {
  const kept = body.length === 1 ? (body[0] as Buffer) : Buffer.concat(body);
  const bytes = kept.length > mostBodyBytes ? kept.subarray(0, mostBodyBytes) : kept;
  const unpack = decoders[encoding.trim().toLowerCase() || 'identity'];
  if (!unpack) return { text: '', problem: 'body-unreadable' };
  try {
    const text = unpack(bytes).toString('utf8');
    return bodyBytesLeft === 0 ? { text, problem: 'body-too-long' } : { text };
  } catch (cause) {
    const isTooLong = (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return { text: '', problem: isTooLong ? 'body-too-long' : 'body-unreadable' };
  }
}
