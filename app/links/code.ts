import { customAlphabet } from 'nanoid';

// Without 0 O o 1 l I i: a code that is read aloud or from paper must survive it.
const READABLE = '23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ';
const CODE = /^[A-Za-z0-9_-]+$/;

export const MAX_CODE_LENGTH = 64;

// Paths that the app answers itself, and the ones that browsers and crawlers ask of every site.
const RESERVED = new Set(['api', 'files', 'healthz', 'metrics', 'readyz', 'static', 'your-url', 'favicon', 'robots']);

/** A fresh code of 7 look-alike-free characters (54^7, over a million million). */
export const generateCode = customAlphabet(READABLE, 7);

/** What is wrong with a code that somebody chose, in one sentence; undefined when nothing is. */
export function codeProblem(code: string): string | undefined {
  if (code.length > MAX_CODE_LENGTH) return `Use at most ${MAX_CODE_LENGTH} characters for the short name.`;
  if (!CODE.test(code)) return 'Use only letters, digits, "-" and "_" for the short name.';
  if (RESERVED.has(code.toLowerCase())) return `The short name "${code}" is used by this site. Choose another name.`;
  return undefined;
}
