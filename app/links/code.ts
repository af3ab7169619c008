import { customAlphabet } from 'nanoid';

// Without 0 O o 1 l I i, which are easily confused when a code is read aloud or copied from paper.
const READABLE = '23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ';
const CODE = /^[A-Za-z0-9_-]+$/;

export const MAX_CODE_LENGTH = 64;

// Paths of the app itself, and paths that browsers and crawlers request from every site.
const RESERVED = new Set(['api', 'files', 'healthz', 'metrics', 'readyz', 'static', 'your-url', 'favicon', 'robots']);

/** Generates a code of 7 characters that are not easily confused (54^7 codes, over 10^12). */
export const generateCode = customAlphabet(READABLE, 7);

/** Why a chosen code is not allowed, in one sentence; undefined when it is allowed. */
export function codeProblem(code: string): string | undefined {
  if (code.length > MAX_CODE_LENGTH) return `Use at most ${MAX_CODE_LENGTH} characters for the short name.`;
  if (!CODE.test(code)) return 'Use only letters, digits, "-" and "_" for the short name.';
  if (RESERVED.has(code.toLowerCase())) return `The short name "${code}" is reserved. Choose another one.`;
  return undefined;
}
