import { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from '@jest/globals';
import { exportUrls } from '../../links/export-urls.ts';
import type { Link } from '../../links/link.ts';
import { openStore } from '../../links/open-store.ts';
import type { LinkStore } from '../../links/store.ts';
import { cleanUp, onCleanUp, tempFolder } from '../app-process.ts';
import { hasRedis, startRedis } from '../redis-server.ts';

afterEach(cleanUp);

const link = (code: string, owner?: string, location = `https://example.org/${code}`): Link => ({
  code,
  location,
  createdAt: '2024-01-02T03:04:05.678Z',
  ...(owner && { owner }),
});

const kinds = [
  { name: 'LMDB', runs: true, place: async () => ({ dataDir: tempFolder() }) },
  {
    name: 'Redis',
    runs: hasRedis || Boolean(process.env.CI),
    place: async () => ({ dataDir: tempFolder(), storeUrl: (await startRedis()).url }),
  },
];

for (const { name, runs, place } of kinds) {
  // Two openings stand for two processes of the app.
  const openTwice = async (): Promise<[LinkStore, LinkStore]> => {
    const where = await place();
    const stores: LinkStore[] = [];
    for (const at of [0, 1]) {
      // As the primary process passes it on from one worker to the others.
      const onForgotten = (code: string) => stores[1 - at]?.forget(code);
      const store = await openStore(where, { log: () => {}, onForgotten });
      onCleanUp(() => store.close());
      stores.push(store);
    }
    return stores as [LinkStore, LinkStore];
  };

  (runs ? describe : describe.skip)(`links in ${name}`, () => {
    test('a link that one process creates is found by the other', async () => {
      const [one, other] = await openTwice();
      expect(await one.create(link('a', 'ann'))).toBe('created');
      expect(await other.find('a')).toEqual(link('a', 'ann'));
      expect(other.peek('a')).toBe('https://example.org/a');
      expect(await other.find('b')).toBeUndefined();
      expect(await other.find('')).toBeUndefined();
      expect(await other.find('x'.repeat(10_000))).toBeUndefined();
    });

    test('of many creations of one code exactly one wins, and a reader never sees another', async () => {
      const stores = await openTwice();
      const results = await Promise.all(
        Array.from({ length: 200 }, (_, i) =>
          (stores[i % 2] as LinkStore).create(link('race', `owner${i}`, `https://example.org/${i}`)),
        ),
      );
      expect(results.filter((result) => result === 'created')).toHaveLength(1);
      const winner = results.indexOf('created');
      for (const store of stores) expect(await store.find('race')).toMatchObject({ owner: `owner${winner}` });
      expect(await stores[0].codesOf(`owner${winner}`)).toEqual(['race']);
      expect(await stores[0].codesOf(`owner${(winner + 1) % 200}`)).toEqual([]);
    });

    test('only its owner can remove a link, which is then gone everywhere', async () => {
      const [one, other] = await openTwice();
      await one.create(link('a', 'ann'));
      await one.create({ ...link('b', 'ann'), createdAt: '2024-02-02T03:04:05.678Z' });
      await one.addVisits(new Map([['a', 3]]));
      expect((await other.find('a'))?.owner).toBe('ann');
      expect(await one.find('a')).toBeDefined();
      expect([one.peek('a'), other.peek('a')]).toEqual(['https://example.org/a', 'https://example.org/a']);
      expect(await other.remove('a', 'bob')).toBeUndefined();
      expect(await one.codesOf('ann')).toEqual(['a', 'b']);
      expect(await one.remove('a', 'ann')).toEqual(link('a', 'ann'));
      expect(await other.find('a')).toBeUndefined();
      expect(one.peek('a')).toBeUndefined();
      while (other.peek('a') !== undefined) await new Promise(setImmediate);
      expect(await other.codesOf('ann')).toEqual(['b']);
      expect(await other.visitsOf('a')).toBe(0);
      expect(await one.remove('a', 'ann')).toBeUndefined();
    });

    test('seed links are added and replaced, but never replace a link of a visitor', async () => {
      const [one] = await openTwice();
      await one.create(link('mine', 'ann'));
      await one.seed([
        link('mine', undefined, 'https://seed.example/'),
        link('go'),
        link('file', undefined, '/files/f'),
      ]);
      expect(await one.find('mine')).toEqual(link('mine', 'ann'));
      await one.seed([{ ...link('go', undefined, 'https://new.example/'), createdAt: '2024-02-02T03:04:05.678Z' }]);
      expect((await one.find('go'))?.location).toBe('https://new.example/');
      const text = await textOf(Readable.from(exportUrls(one)));
      expect(JSON.parse(text)).toEqual({
        mine: { url: 'https://example.org/mine' },
        go: { url: 'https://new.example/' },
        file: { file: 'f' },
      });
    });

    test('visits add up over processes', async () => {
      const [one, other] = await openTwice();
      await one.seed([link('a'), link('b')]);
      const many = Array.from({ length: 2500 }, (_, i): [string, number] => [`many${i}`, 1]);
      await Promise.all([
        one.addVisits(new Map([['a', 2], ...many])),
        other.addVisits(
          new Map([
            ['a', 3],
            ['b', 1],
          ]),
        ),
      ]);
      expect([await one.visitsOf('a'), await other.visitsOf('b'), await one.visitsOf('c')]).toEqual([5, 1, 0]);
    });
  });
}

(hasRedis || process.env.CI ? test : test.skip)(
  'while Redis is down the store is unavailable, and no acknowledged link is lost',
  async () => {
    const redis = await startRedis();
    const lines: string[] = [];
    let back: () => void = () => {};
    const healed = new Promise<void>((resolve) => {
      back = resolve;
    });
    const log = (line: string) => {
      lines.push(line);
      if (line.startsWith('Reconnected')) back();
    };
    const store = await openStore({ dataDir: tempFolder(), storeUrl: redis.url }, { log, onForgotten: () => {} });
    onCleanUp(() => store.close());
    await store.create(link('a', 'ann'));
    await store.create(link('b', 'ann'));
    expect(await store.find('a')).toEqual(link('a', 'ann'));

    await redis.kill();
    await expect(store.create(link('c', 'ann'))).rejects.toMatchObject({ name: 'StoreUnavailable', status: 503 });
    await expect(store.find('b')).rejects.toMatchObject({ name: 'StoreUnavailable' });
    await expect(store.check()).rejects.toMatchObject({ name: 'StoreUnavailable' });
    expect(store.peek('a')).toBe('https://example.org/a');

    await redis.start();
    await healed;
    expect(await store.codesOf('ann')).toEqual(['a', 'b']);
    expect(await store.find('b')).toEqual(link('b', 'ann'));
    expect(await store.create(link('c', 'ann'))).toBe('created');
    expect(lines).toEqual([expect.stringContaining('Lost the connection'), expect.stringContaining('Reconnected')]);
  },
);
