// A damaged data.mdb: LMDB reads it through a memory map and checks little of it, so that reading it may end the process.
import { join } from 'node:path';
import { UserError } from '../user-error.ts';
import { StoreUnavailable } from './store.ts';

const CRASHES = new Set<unknown>(['SIGSEGV', 'SIGBUS', 'SIGABRT', 'SIGILL', 'SIGFPE']);
/** Located page was wrong type. */
export const MDB_CORRUPTED = -30796;
/** lmdb.h: MDB_PAGE_NOTFOUND, _CORRUPTED, _PANIC, _INVALID, _CURSOR_FULL, _PAGE_FULL, _INCOMPATIBLE, _BAD_TXN, _BAD_VALSIZE, _BAD_DBI, _PROBLEM. */
const CODES = new Set<unknown>([
  -30797,
  MDB_CORRUPTED,
  -30795,
  -30793,
  -30787,
  -30786,
  -30784,
  -30782,
  -30781,
  -30780,
  -30779,
]);

/** The file of the links in the data folder. */
export function linksFile(dataDir: string): string {
  return join(dataDir, 'links', 'data.mdb');
}

/** Whether a process that was ended by this signal has crashed. */
export function isCrash(signal: unknown): boolean {
  return CRASHES.has(signal);
}

/** Whether LMDB has found its file damaged. */
export function isDamage(error: unknown): boolean {
  return CODES.has((error as { readonly code?: unknown }).code);
}

/** What the operator can do about a damaged file of links; `sign` is how it showed. */
export function damaged(file: string, sign: string, cause?: unknown): UserError {
  return new UserError(
    `The links in ${file} are damaged (${sign}). Move this file away and put your last copy in its place, or start without it and ` +
      'import an export: npm start -- import links.json',
    { cause },
  );
}

/** Turns what LMDB throws of a damaged file into an unavailable store, and says it once. */
export function reportDamage(folder: string, log: (line: string) => void) {
  let isReported = false;
  const report = (error: unknown): void => {
    if (!isDamage(error)) throw error;
    if (!isReported) log(damaged(join(folder, 'data.mdb'), (error as Error).message).message);
    isReported = true;
  };
  return {
    orUnavailable<T>(read: () => T): T {
      try {
        return read();
      } catch (cause) {
        report(cause);
        throw new StoreUnavailable('The links are damaged.', { cause });
      }
    },
    orUndefined<T>(read: () => T): T | undefined {
      try {
        return read();
      } catch (error) {
        report(error);
        return undefined;
      }
    },
  };
}
