import { mkdirSync } from 'node:fs';
import { type Database, open, type RootDatabase } from 'lmdb';
import { MAX_CODE_LENGTH } from './code.ts';
import { decodeLink, encodeLink, type Link, locationIn } from './link.ts';
import type { LinkStore } from './store.ts';
import { UserError } from './user-error.ts';

/** Opens the LMDB store in a folder; several processes may have it open at once. */
export function openLmdbStore(folder: string): LinkStore {
  const root = openRoot(folder);
  const links = root.openDB<string, string>({ name: 'links', encoding: 'string' });
  const owned = root.openDB<string, string>({ name: 'owned', encoding: 'string' });

  const recordOf = (code: string): string | undefined =>
    code.length === 0 || code.length > MAX_CODE_LENGTH ? undefined : links.get(code);

  return {
    peek(code) {
      const record = recordOf(code);
      return record === undefined ? undefined : locationIn(record);
    },

    async find(code) {
      // lmdb-js keeps one snapshot per turn of the event loop, so a link that another process has just created could be missed.
      root.resetReadTxn();
      const record = recordOf(code);
      return record === undefined ? undefined : decodeLink(code, record);
    },

    async create(link) {
      const created = await links.ifNoExists(link.code, () => {
        links.put(link.code, encodeLink(link));
        if (link.owner) owned.put(ownedKey(link.owner, link), link.code);
      });
      return created ? 'created' : 'taken';
    },

    async seed(seeds) {
      await root.transaction(() => {
        for (const link of seeds) putSeed(links, link);
      });
    },

    async codesOf(owner) {
      root.resetReadTxn();
      return [...owned.getRange({ start: `${owner}/`, end: `${owner}0` })].map((entry) => entry.value);
    },

    async close() {
      await root.close();
    },
  };
}

function openRoot(folder: string): RootDatabase<string, string> {
  try {
    mkdirSync(folder, { recursive: true });
    // Without overlapping sync a commit is answered after its fsync; commits of one moment share that fsync.
    return open<string, string>({ path: folder, maxDbs: 8, encoding: 'string', overlappingSync: false });
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new UserError(`Cannot open the links in ${folder} (${reason}). Make the folder writable or set DATA_DIR.`, {
      cause,
    });
  }
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
