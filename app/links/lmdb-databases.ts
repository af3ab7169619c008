import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open, type RootDatabase } from 'lmdb';
import { UserError } from '../user-error.ts';
import { damaged, isDamage } from './damaged.ts';
import { makeFolder } from './make-folder.ts';
import { migrate } from './migrate.ts';
import { StoreUnavailable } from './store.ts';

/** The databases of the links in one LMDB environment. */
export interface LmdbDatabases {
  readonly root: RootDatabase<string, string>;
  /** The stored form of a link, by code. */
  readonly links: Database<string, string>;
  /** Codes by owner and time of creation. */
  readonly owned: Database<string, string>;
  /** Visit counts by code. */
  readonly visits: Database<number, string>;
}

// Enough for about 500 readers at once; each worker is one.
const LOCK_FILE_BYTES = 32 * 1024;

/** Opens the databases in a folder and upgrades them. Throws a UserError when the folder cannot be used. */
export async function openDatabases(folder: string): Promise<LmdbDatabases> {
  const { meta, ...databases } = openAll(folder);
  await migrate({
    place: folder,
    read: async () => meta.get('schemaVersion'),
    write: async (version) => {
      await committed(() => meta.put('schemaVersion', version));
    },
  });
  return databases;
}

function openAll(folder: string): LmdbDatabases & { readonly meta: Database<number, string> } {
  const file = join(folder, 'data.mdb');
  const before = sizeOf(file);
  try {
    makeFolder(folder);
    // LMDB would take it for a new one.
    if (before === 0) throw damaged(file, 'it is empty');
    allocateLockFile(folder);
    const root = open<string, string>({
      path: folder,
      maxDbs: 8,
      encoding: 'string',
      // A commit resolves after its fsync; concurrent commits share one fsync.
      overlappingSync: false,
      // With this option, a failed commit rejects a promise that cannot be caught, which would end the process.
      eventTurnBatching: false,
    });
    return {
      root,
      links: root.openDB<string, string>({ name: 'links', encoding: 'string' }),
      owned: root.openDB<string, string>({ name: 'owned', encoding: 'string' }),
      visits: root.openDB<number, string>({ name: 'visits', encoding: 'ordered-binary' }),
      meta: root.openDB<number, string>({ name: 'meta', encoding: 'ordered-binary' }),
    };
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    // The disk was full when LMDB created it.
    if (before === undefined && sizeOf(file) === 0) rmSync(file);
    const reason = (cause as Error).message;
    if (isDamage(cause)) throw damaged(file, reason, cause);
    throw new UserError(
      `Cannot open the links in ${folder} (${reason}). Make the folder writable, or set DATA_DIR to another one.`,
      { cause },
    );
  }
}

/** Undefined where it is not there, or cannot be reached: LMDB says why. */
function sizeOf(file: string): number | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false })?.size;
  } catch {
    return undefined;
  }
}

// LMDB creates its lock file sparse and writes to it through a memory map: on a full disk, the first write to a new page
// would end the process (SIGBUS). LMDB uses an existing file as it is.
function allocateLockFile(folder: string): void {
  const path = join(folder, 'lock.mdb');
  if (!existsSync(path)) writeFileSync(path, Buffer.alloc(LOCK_FILE_BYTES), { flag: 'wx' });
}

/** Resolves when a write is committed; throws StoreUnavailable when it cannot be: disk full, read-only. */
export async function committed<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const { commitError } = error as { commitError?: Promise<never> };
    if (commitError === undefined) throw error;
    // lmdb-js also rejects a second promise with the reason; unhandled, it would end the process.
    ignoreRejection(commitError);
    throw new StoreUnavailable('Cannot write the links. Check the free space and the permissions of DATA_DIR.', {
      cause: error,
    });
  }
}

/** For a promise that rejects together with another one that is awaited. */
export function ignoreRejection(promise: Promise<unknown>): void {
  promise.catch(() => {});
}
