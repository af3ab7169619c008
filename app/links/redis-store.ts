import { MAX_CODE_BYTES } from './code.ts';
import { decodeLink, encodeLink, locationIn } from './link.ts';
import { createLocationCache } from './location-cache.ts';
import { migrate } from './migrate.ts';
import { type Connections, connectRedis, type Log } from './redis-connection.ts';
import { CREATE, REMOVE, SEED } from './redis-scripts.ts';
import { type LinkStore, StoreUnavailable } from './store.ts';

const PREFIX = 'headroom:';
const LINK = `${PREFIX}link:`;
const OWNED = `${PREFIX}owned:`;
const VISITS = `${PREFIX}visits`;
const SCHEMA = `${PREFIX}schema`;
const CHANGED = `${PREFIX}changed`;

/** Opens the store in Redis, for several hosts behind a load balancer. Throws a UserError when Redis cannot be reached. */
export async function openRedisStore(storeUrl: string, log: Log): Promise<LinkStore> {
  const cache = createLocationCache({ codes: 50_000, characters: 16_000_000, generationMs: 30_000 });
  // While the channel is cut, changes by other hosts are missed; cached locations are served for at most a minute.
  const subscription = { channel: CHANGED, onMessage: cache.forget, onSubscribed: cache.clear };
  const connections = await connectRedis(storeUrl, subscription, log);
  const { commands: redis, place } = connections;

  await upgrade(connections);
  return {
    ...writes(connections),
    ...collections(connections),
    peek: (code) => cache.get(code),
    async find(code) {
      if (code.length === 0 || code.length > MAX_CODE_BYTES) return undefined;
      const epoch = cache.epoch();
      const record = await reached(place, () => redis.get(LINK + code));
      if (record === null) return undefined;
      cache.set(code, locationIn(record), epoch);
      return decodeLink(code, record);
    },
    // Every process is notified of changes by Redis.
    forget: cache.forget,
    async check() {
      await reached(place, () => redis.ping());
    },
    async close() {
      cache.stop();
      connections.close();
    },
  };
}

function writes({ commands: redis, place }: Connections): Pick<LinkStore, 'create' | 'remove' | 'seed' | 'addVisits'> {
  return {
    async create(link) {
      const keys = [LINK + link.code, OWNED + (link.owner ?? '')];
      const args = [encodeLink(link), `${Date.parse(link.createdAt)}`, link.code];
      const stored = await reached(place, () => redis.eval(CREATE, keys.length, ...keys, ...args));
      return stored === 1 ? 'created' : 'taken';
    },
    async remove(code, owner) {
      const keys = [LINK + code, OWNED + owner, VISITS];
      const record = await reached(place, () => redis.eval(REMOVE, keys.length, ...keys, owner, code, CHANGED));
      return typeof record === 'string' ? decodeLink(code, record) : undefined;
    },
    async seed(links) {
      for (const link of links) {
        const args = [encodeLink(link), link.location, link.code, CHANGED];
        await reached(place, () => redis.eval(SEED, 1, LINK + link.code, ...args));
      }
    },
    async addVisits(counts) {
      const batch = redis.pipeline();
      for (const [code, count] of counts) batch.hincrby(VISITS, code, `${count}`);
      await reached(place, async () => {
        for (const [error] of (await batch.exec()) ?? []) if (error) throw error;
      });
    },
  };
}

function collections({ commands: redis, place }: Connections): Pick<LinkStore, 'codesOf' | 'visitsOf' | 'all'> {
  return {
    codesOf: (owner) => reached(place, () => redis.zrange(OWNED + owner, '0', '-1')),
    async visitsOf(code) {
      return Number((await reached(place, () => redis.hget(VISITS, code))) ?? 0);
    },
    async *all() {
      let cursor = '0';
      do {
        const [next, keys] = await reached(place, () => redis.scan(cursor, 'MATCH', `${LINK}*`, 'COUNT', 1000));
        cursor = next;
        const records = keys.length === 0 ? [] : await reached(place, () => redis.mget(keys));
        for (const [at, record] of records.entries()) {
          if (record) yield decodeLink((keys[at] ?? '').slice(LINK.length), record);
        }
      } while (cursor !== '0');
    },
  };
}

async function upgrade({ commands: redis, place }: Connections): Promise<void> {
  await migrate({
    place,
    read: async () => {
      const version = await redis.get(SCHEMA);
      return version === null ? undefined : Number(version);
    },
    write: async (version) => {
      await redis.set(SCHEMA, version);
    },
  });
}

/** Runs a command; throws StoreUnavailable when it fails or gets no answer. */
async function reached<T>(place: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw new StoreUnavailable(`Redis at ${place} failed to run a command (${(cause as Error).message}).`, {
      cause,
    });
  }
}
