import type { Database } from 'lmdb';
import { MAX_CODE_BYTES } from './code.ts';
import { MDB_CORRUPTED, reportDamage } from './damaged.ts';
import { decodeLink, encodeLink, isRecord, type Link, locationIn } from './link.ts';
import { committed, ignoreRejection, type LmdbDatabases, openDatabases } from './lmdb-databases.ts';
import { createLocationCache } from './location-cache.ts';
import type { LinkStore, StoreListeners } from './store.ts';

// Adding a million visits in one transaction would block the event loop.
const VISITS_PER_TRANSACTION = 1000;

/** Opens the LMDB store in a folder; several processes may have it open at once. Throws a UserError when it cannot be used. */
export async function openLmdbStore(folder: string, { onForgotten, log }: StoreListeners): Promise<LinkStore> {
  const databases = await openDatabases(folder);
  const { root, links } = databases;

  // A lookup in LMDB and its snapshot take a few microseconds, a tenth of a whole redirect. The processes of one app
  // notify each other of removed links; changes by other programs are seen within two seconds.
  const cache = createLocationCache({ codes: 10_000, characters: 4_000_000, generationMs: 1_000 });

  // lmdb-js keeps one snapshot per turn of the event loop, which can lack the latest writes of other processes.
  const seeLatest = (): void => root.resetReadTxn();

  const forget = (code: string): void => {
    // Without it, the next visit in this turn of the event loop would be served, and cached, from the old snapshot.
    seeLatest();
    cache.forget(code);
  };

  const reading = reportDamage(folder, log);

  return {
    ...latestReads(databases, seeLatest, reading),
    peek(code) {
      const known = cache.get(code);
      if (known !== undefined) return known;
      const record = reading.orUndefined(() => recordOf(links, code));
      if (record === undefined) return undefined;
      const location = locationIn(record);
      cache.set(code, location, cache.epoch());
      return location;
    },
    create: (link) => create(databases, link),
    async remove(code, owner) {
      const removed = await remove(databases, code, owner);
      if (removed) {
        forget(code);
        onForgotten(code);
      }
      return removed;
    },
    seed: (seeds) => seed(databases, seeds),
    addVisits: (counts) => addVisits(databases, counts),
    forget,
    async close() {
      cache.stop();
      await root.close();
    },
  };
}

/** The reads that must see the writes of all processes so far. */
function latestReads(
  { links, owned, visits }: LmdbDatabases,
  seeLatest: () => void,
  { orUnavailable }: ReturnType<typeof reportDamage>,
): Pick<LinkStore, 'find' | 'codesOf' | 'visitsOf' | 'all' | 'check'> {
  return {
    async find(code) {
      return orUnavailable(() => {
        seeLatest();
        return linkOf(links, code);
      });
    },
    async codesOf(owner) {
      return orUnavailable(() => {
        seeLatest();
        return Array.from(owned.getRange({ start: `${owner}/`, end: `${owner}0` }), (entry) => entry.value);
      });
    },
    async visitsOf(code) {
      return orUnavailable(() => {
        seeLatest();
        return visits.get(code) ?? 0;
      });
    },
    async *all() {
      seeLatest();
      for (const { key, value } of links.getRange()) yield decodeLink(key, value);
    },
    async check() {
      orUnavailable(() => {
        seeLatest();
        links.doesExist('readyz');
      });
    },
  };
}

function recordOf(links: Database<string, string>, code: string): string | undefined {
  if (code.length === 0 || code.length > MAX_CODE_BYTES) return undefined;
  const record: unknown = links.get(code);
  // On a damaged page it may be anything, a number too; such a location would be no header.
  if (record === undefined || (typeof record === 'string' && isRecord(record))) return record;
  throw Object.assign(new Error('a record cannot be read'), { code: MDB_CORRUPTED });
}

function linkOf(links: Database<string, string>, code: string): Link | undefined {
  const record = recordOf(links, code);
  return record === undefined ? undefined : decodeLink(code, record);
}

async function create({ links, owned }: LmdbDatabases, link: Link): Promise<'created' | 'taken'> {
  const created = await committed(() =>
    links.ifNoExists(link.code, () => {
      ignoreRejection(links.put(link.code, encodeLink(link)));
      if (link.owner) ignoreRejection(owned.put(ownedKey(link.owner, link), link.code));
    }),
  );
  return created ? 'created' : 'taken';
}

function remove(databases: LmdbDatabases, code: string, owner: string): Promise<Link | undefined> {
  const { root, links, owned, visits } = databases;
  return committed(() =>
    root.transaction(() => {
      const link = linkOf(links, code);
      if (link?.owner !== owner) return undefined;
      links.remove(code);
      owned.remove(ownedKey(owner, link));
      visits.remove(code);
      return link;
    }),
  );
}

async function seed({ root, links }: LmdbDatabases, seeds: readonly Link[]): Promise<void> {
  const isNew = (link: Link): boolean => {
    const stored = linkOf(links, link.code);
    return stored?.owner === undefined && stored?.location !== link.location;
  };
  // Most starts change nothing.
  if (seeds.filter(isNew).length === 0) return;
  await committed(() =>
    root.transaction(() => {
      for (const link of seeds) if (isNew(link)) links.put(link.code, encodeLink(link));
    }),
  );
}

async function addVisits({ root, links, visits }: LmdbDatabases, counts: ReadonlyMap<string, number>): Promise<void> {
  // In the order of the keys, so that neighbouring entries hit pages in the cache.
  const entries = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  for (let at = 0; at < entries.length; at += VISITS_PER_TRANSACTION) {
    const chunk = entries.slice(at, at + VISITS_PER_TRANSACTION);
    await committed(() =>
      root.transaction(() => {
        for (const [code, count] of chunk) {
          const before = visits.get(code);
          // A removed link must not leave its count to the next link with that code. A stored count implies that the link
          // exists: they are removed together.
          if (before !== undefined || links.doesExist(code)) visits.put(code, (before ?? 0) + count);
        }
      }),
    );
  }
}

// '0' follows '/' in ASCII, so the keys of an owner are in the range from `owner/` to `owner0`.
function ownedKey(owner: string, link: Link): string {
  return `${owner}/${link.createdAt}/${link.code}`;
}
