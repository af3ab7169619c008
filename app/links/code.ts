import { customAlphabet } from 'nanoid';

// Without 0 O o 1 l I i, which are easily confused when a code is read aloud or copied from paper.
const READABLE = '23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ';
/** What a visitor may choose. */
export const CODE = /^[A-Za-z0-9_-]+$/;

/** Of a code that a visitor chooses, in characters. */
export const MAX_CODE_LENGTH = 64;
/** No stored code has more bytes in UTF-8. */
export const MAX_CODE_BYTES = 150;

// Paths of the app itself.
const OWN_PATHS = new Set(['api', 'files', 'healthz', 'metrics', 'openapi.json', 'readyz', 'static', 'your-url']);
// Paths that browsers and crawlers request from every site.
const COMMON_PATHS = new Set(['favicon', 'robots']);

/** Generates a code of 7 characters that are not easily confused (54^7 codes, over 10^12). */
export const generateCode = customAlphabet(READABLE, 7);

/** Why a visitor may not choose a code, in one sentence; undefined when it is allowed. */
export function codeProblem(code: string): string | undefined {
  if (code.length > MAX_CODE_LENGTH) return `Use at most ${MAX_CODE_LENGTH} characters for the short name.`;
  if (!CODE.test(code)) return 'Use only letters, digits, "-" and "_" for the short name.';
  const lower = code.toLowerCase();
  if (OWN_PATHS.has(lower) || COMMON_PATHS.has(lower))
    return `The short name "${code}" is reserved. Choose another one.`;
  return undefined;
}

/** Why a code cannot be imported: other shorteners allowed more than this one does, and their links keep working. */
export function importedCodeProblem(code: string): string | undefined {
  if (code === '') return 'The short name is empty.';
  if (Buffer.byteLength(code) > MAX_CODE_BYTES) return `The short name has more than ${MAX_CODE_BYTES} bytes.`;
  if (/[/?#\\\p{Cc}\p{Cs}]/u.test(code) || code === '.' || code === '..' || code.endsWith('+'))
    return 'The short name cannot be the path of a link.';
  if (OWN_PATHS.has(code.toLowerCase())) return `The short name "${code}" is a path of the app.`;
  return undefined;
}
