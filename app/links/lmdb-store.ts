import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, open } from 'lmdb';
import { UserError } from '../user-error.ts';
import { MAX_CODE_LENGTH } from './code.ts';
import { decodeLink, encodeLink, type Link, locationIn } from './link.ts';
import { createLocationCache } from './location-cache.ts';
import { migrate } from './migrate.ts';
import { type LinkStore, type StoreListeners, StoreUnavailable } from './store.ts';

// A writer that adds a million visits at once would keep the event loop from answering.
const VISITS_PER_TRANSACTION = 1000;

// For about 500 readers at once; each worker is one.
const LOCK_FILE_BYTES = 32 * 1024;

/** Opens the LMDB store in a folder; several processes may have it open at once. */
export async function openLmdbStore(
  folder: string,
  { onForgotten }: Pick<StoreListeners, 'onForgotten'>,
): Promise<LinkStore> {
  const { root, links, owned, visits, meta } = openDatabases(folder);
  await upgrade(meta, folder);

  // Finding a link costs LMDB and its snapshot a few microseconds, a tenth of a whole redirect. The processes of one app
  // tell each other what to forget; of what another program changes here they learn within two seconds.
  const cache = createLocationCache({ codes: 10_000, generationMs: 1_000 });

  const recordOf = (code: string): string | undefined =>
    code.length === 0 || code.length > MAX_CODE_LENGTH ? undefined : links.get(code);
  // lmdb-js keeps one snapshot per turn of the event loop, so what another process has just written could be missed.
  const seeLatest = (): void => root.resetReadTxn();

  const forget = (code: string): void => {
    // Or the next visit in this turn of the event loop would be answered, and remembered, from the old snapshot.
    seeLatest();
    cache.forget(code);
  };

  return {
    peek(code) {
      const known = cache.get(code);
      if (known !== undefined) return known;
      const record = recordOf(code);
      if (record === undefined) return undefined;
      const location = locationIn(record);
      cache.set(code, location, cache.epoch());
      return location;
    },

    async find(code) {
      seeLatest();
      const record = recordOf(code);
      return record === undefined ? undefined : decodeLink(code, record);
    },

    async create(link) {
      const created = await written(() =>
        links.ifNoExists(link.code, () => {
          ignoreRepeated(links.put(link.code, encodeLink(link)));
          if (link.owner) ignoreRepeated(owned.put(ownedKey(link.owner, link), link.code));
        }),
      );
      return created ? 'created' : 'taken';
    },

    async remove(code, owner) {
      const removed = await written(() =>
        root.transaction(() => {
          const record = recordOf(code);
          const link = record === undefined ? undefined : decodeLink(code, record);
          if (link?.owner !== owner) return undefined;
          links.remove(code);
          owned.remove(ownedKey(owner, link));
          visits.remove(code);
          return link;
        }),
      );
      if (removed) forget(code);
      if (removed) onForgotten(code);
      return removed;
    },

    async seed(seeds) {
      await written(() =>
        root.transaction(() => {
          for (const link of seeds) putSeed(links, link);
        }),
      );
    },

    async codesOf(owner) {
      seeLatest();
      return Array.from(owned.getRange({ start: `${owner}/`, end: `${owner}0` }), (entry) => entry.value);
    },

    async addVisits(counts) {
      // In the order of the keys, so that neighbours find their pages still warm.
      const entries = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
      for (let at = 0; at < entries.length; at += VISITS_PER_TRANSACTION) {
        const chunk = entries.slice(at, at + VISITS_PER_TRANSACTION);
        await written(() =>
          root.transaction(() => {
            for (const [code, count] of chunk) {
              const before = visits.get(code);
              // A link that was removed meanwhile must not leave its count to the next one of that name. Where visits are
              // stored the link is there, too: they are removed together.
              if (before !== undefined || links.doesExist(code)) visits.put(code, (before ?? 0) + count);
            }
          }),
        );
      }
    },

    async visitsOf(code) {
      seeLatest();
      return visits.get(code) ?? 0;
    },

    async *all() {
      seeLatest();
      for (const { key, value } of links.getRange()) yield decodeLink(key, value);
    },

    forget,

    async check() {
      seeLatest();
      links.doesExist('readyz');
    },

    async close() {
      cache.stop();
      await root.close();
    },
  };
}

function openDatabases(folder: string) {
  try {
    mkdirSync(folder, { recursive: true });
    allocateLockFile(folder);
    const root = open<string, string>({
      path: folder,
      maxDbs: 8,
      encoding: 'string',
      // A commit is answered after its fsync; commits of one moment share that fsync.
      overlappingSync: false,
      // When a commit fails, lmdb-js with this option rejects a promise that nobody can hear, which would end the process.
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
    const reason = (cause as Error).message;
    throw new UserError(`Cannot open the links in ${folder} (${reason}). Make the folder writable or set DATA_DIR.`, {
      cause,
    });
  }
}

// LMDB makes its lock file sparse and writes into it through a map: on a full disk the first use of a page of it would be
// the end of the process (SIGBUS). A file that has its pages it takes as it is.
function allocateLockFile(folder: string): void {
  const path = join(folder, 'lock.mdb');
  if (!existsSync(path)) writeFileSync(path, Buffer.alloc(LOCK_FILE_BYTES), { flag: 'wx' });
}

async function upgrade(meta: Database<number, string>, folder: string): Promise<void> {
  await migrate({
    place: folder,
    read: async () => meta.get('schemaVersion'),
    write: async (version) => {
      await written(() => meta.put('schemaVersion', version));
    },
  });
}

/** Waits for a write, and says that the store is unavailable when it could not be committed: disk full, read-only. */
async function written<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    const { commitError } = error as { commitError?: Promise<never> };
    if (commitError === undefined) throw error;
    // lmdb-js rejects a second promise with the reason; unheard, it would end the process.
    ignoreRepeated(commitError);
    throw new StoreUnavailable('The links cannot be written. Check the space and the rights of DATA_DIR.', {
      cause: error,
    });
  }
}

// For a promise that fails together with another one that is awaited.
function ignoreRepeated(promise: Promise<unknown>): void {
  promise.catch(() => {});
}

// '0' follows '/' in the alphabet of keys, hence the range owner/ .. owner0.
function ownedKey(owner: string, link: Link): string {
  return `${owner}/${link.createdAt}/${link.code}`;
}

function putSeed(links: Database<string, string>, link: Link): void {
  const stored = links.get(link.code);
  const isSeed = stored === undefined || decodeLink(link.code, stored).owner === undefined;
  const isNew = stored === undefined || locationIn(stored) !== link.location;
  if (isSeed && isNew) links.put(link.code, encodeLink(link));
}
