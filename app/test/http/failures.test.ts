// When the disk or Redis fails, the app answers 503, keeps every acknowledged link, and recovers by itself.
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  copyFileSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { Link } from '../../links/link.ts';
import { openStore } from '../../links/open-store.ts';
import { cleanUp, onCleanUp, startOnOwnDisk, startProcess, tempFolder, UNSHARE } from '../app-process.ts';
import { hasRedis, startRedis } from '../redis-server.ts';

afterEach(cleanUp);

const post = async (site: string, code: string) => {
  const body = JSON.stringify({ code, url: `https://example.org/${code}` });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${site}/api/links`, { method: 'POST', headers, body });
  return { status: response.status, retryAfter: response.headers.get('retry-after'), text: await response.text() };
};
const locationOf = async (site: string, code: string) =>
  (await fetch(`${site}/${code}`, { redirect: 'manual' })).headers.get('location');
const statusOf = async (url: string) => (await fetch(url, { redirect: 'manual' })).status;

const diskTest = canHaveOwnDisk() || process.env.CI ? test : test.skip;

function canHaveOwnDisk(): boolean {
  try {
    execFileSync(UNSHARE, ['--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'headroom', tempFolder()]);
    return true;
  } catch {
    return false;
  }
}

diskTest(
  'a full disk is 503 until there is space again, and no acknowledged link is lost (needs unshare)',
  async () => {
    const app = startOnOwnDisk('size=8m');
    const site = await app.url();
    const acknowledged: string[] = [];
    const create = async () => {
      const code = `full-${acknowledged.length}`;
      const answer = await post(site, code);
      if (answer.status === 201) acknowledged.push(code);
      return answer;
    };
    await create();
    const ballast = join(app.disk, 'ballast');
    expect(() => writeFileSync(ballast, Buffer.alloc(16_000_000))).toThrow('ENOSPC');

    // Free pages inside the file of the store still take some links.
    let answer = await create();
    while (answer.status === 201) answer = await create();
    expect(answer).toEqual({
      status: 503,
      retryAfter: '5',
      text: expect.stringContaining('temporarily unavailable'),
    });
    const form = new FormData();
    form.set('file', new Blob([Buffer.alloc(1_000_000)]), 'a.bin');
    expect((await fetch(`${site}/your-url`, { method: 'POST', body: form })).status).toBe(503);
    expect(await locationOf(site, 'full-0')).toBe('https://example.org/full-0');
    expect(await statusOf(`${site}/healthz`)).toBe(200);

    rmSync(ballast);
    expect((await create()).status).toBe(201);
    for (const code of acknowledged) expect(await locationOf(site, code)).toBe(`https://example.org/${code}`);
    app.child.kill('SIGTERM');
    expect((await app.ended).code).toBe(0);
  },
);

diskTest('a log on a full disk ends neither the workers nor the primary process (needs unshare)', async () => {
  const app = startOnOwnDisk('size=8m', true);
  const ready = await app.message('ready');
  const [site, pids] = [ready.url as string, ready.pids as number[]];
  const ballast = join(app.disk, 'ballast');
  expect(() => writeFileSync(ballast, Buffer.alloc(16_000_000))).toThrow('ENOSPC');
  // Each failure is logged: those of LMDB by a worker, the end of a worker by the primary process.
  for (let code = 0; (await post(site, `log-${code}`)).status === 201; code += 1);
  expect(await statusOf(`${site}/healthz`)).toBe(200);
  process.kill(pids[0] as number, 'SIGKILL');
  expect((await app.message('ready')).pids).not.toEqual(pids);
  expect(await statusOf(`${site}/go`)).toBe(302);

  rmSync(ballast);
  expect((await post(site, 'after')).status).toBe(201);
  process.kill(app.child.pid as number, 'SIGHUP');
  await app.message('ready');
  const log = () => readFileSync(join(app.disk, 'log'), 'utf8');
  while (!log().includes('All workers were replaced.')) expect(await statusOf(`${site}/go`)).toBe(302);
  app.child.kill('SIGTERM');
  expect((await app.ended).code).toBe(0);
});

diskTest.each([
  ['is read-only', 'ro'],
  ['is full', 'size=16k'],
])('a data folder that %s at the start is refused in one sentence (needs unshare)', async (_what, disk) => {
  const { code, stderr } = await startOnOwnDisk(disk).ended;
  expect([code, stderr.trim().split('\n')]).toEqual([2, [expect.stringContaining('Make the folder writable')]]);
});

(hasRedis || process.env.CI ? test : test.skip)(
  'while Redis is down cached links redirect and the rest is 503, and the app recovers without a restart',
  async () => {
    const redis = await startRedis();
    const app = startProcess({ STORE_URL: redis.url });
    const site = await app.url();
    expect((await post(site, 'before')).status).toBe(201);
    expect(await locationOf(site, 'before')).toBe('https://example.org/before');

    await redis.kill();
    expect(await post(site, 'meanwhile')).toMatchObject({ status: 503, retryAfter: '5' });
    expect([await statusOf(`${site}/readyz`), await statusOf(`${site}/go`)]).toEqual([503, 503]);
    expect(await locationOf(site, 'before')).toBe('https://example.org/before');

    await redis.start();
    while ((await statusOf(`${site}/readyz`)) !== 200);
    expect((await post(site, 'after')).status).toBe(201);
    expect(await locationOf(site, 'before')).toBe('https://example.org/before');
  },
);

test('after a power cut in the middle of a write the store opens and has every acknowledged link', async () => {
  const dataDir = tempFolder();
  const file = join(dataDir, 'links', 'data.mdb');
  const links = (name: string, size: number): Link[] =>
    Array.from({ length: size }, (_, i) => ({
      code: `${name}${i}`,
      location: `https://example.org/${name}${i}`,
      createdAt: '2024-01-02T03:04:05.678Z',
      owner: 'ann',
    }));
  const open = async () => {
    const store = await openStore({ dataDir }, { log: () => {}, onForgotten: () => {} });
    onCleanUp(() => store.close());
    return store;
  };
  const first = await open();
  const acknowledged = links('kept', 500);
  // At once, so that they share fsyncs.
  expect(new Set(await Promise.all(acknowledged.map((link) => first.create(link))))).toEqual(new Set(['created']));
  await first.close();
  const before = join(dataDir, 'before');
  copyFileSync(file, before);

  const second = await open();
  await second.seed(links('cut', 5_000));
  await second.close();
  // LMDB writes the new pages behind the old ones first and the two head pages last.
  const [old, size] = [readFileSync(before), readFileSync(file).length];
  expect(size).toBeGreaterThan(old.length + 100_000);
  truncateSync(file, old.length + Math.floor((size - old.length) / 2) + 1234);
  const fd = openSync(file, 'r+');
  writeSync(fd, old, 0, 2 * 4096, 0);
  closeSync(fd);

  const third = await open();
  for (const link of acknowledged) expect(await third.find(link.code)).toEqual(link);
  const all = [];
  for await (const { code } of third.all()) all.push(code);
  expect(all.sort()).toEqual(acknowledged.map(({ code }) => code).sort());
  expect(await third.create(links('new', 1)[0] as Link)).toBe('created');
});
