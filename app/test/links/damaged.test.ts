// A damaged file of links ends in a sentence that names it, whatever reading it does to the process.
import { closeSync, openSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { openStore } from '../../links/open-store.ts';
import { cleanUp, startProcess, tempFolder } from '../app-process.ts';

afterEach(cleanUp);

const PAGE = 4096;

async function storeWithLinks(log: (line: string) => void = () => {}) {
  const dataDir = tempFolder();
  const file = join(dataDir, 'links', 'data.mdb');
  const open = () => openStore({ dataDir }, { log, onForgotten: () => {} });
  const store = await open();
  const links = Array.from({ length: 2000 }, (_, i) => ({
    code: `k${i}`,
    location: `https://example.org/${i}`,
    createdAt: '2024-01-02T03:04:05.678Z',
  }));
  await store.seed(links);
  await store.close();
  return { dataDir, file, open };
}

test.each([
  ['cut off behind its head', (file: string) => truncateSync(file, 2 * PAGE)],
  ['emptied', (file: string) => truncateSync(file, 0)],
  ['another file', (file: string) => truncateSync(file, 1)],
])(
  'a file that was %s ends a start and an export with one sentence',
  async (_what, damage) => {
    const { dataDir, file } = await storeWithLinks();
    damage(file);
    for (const args of [[], ['export']]) {
      const { code, stdout, stderr } = await startProcess({ DATA_DIR: dataDir }, ...args).ended;
      const sentence = new RegExp(
        `^The links in ${file} are damaged \\(.*\\)\\. Move this file away and put your last copy .*import links\\.json$`,
      );
      expect({ code, stdout, lines: stderr.trim().split('\n') }).toEqual({
        code: 2,
        stdout: '',
        lines: [expect.stringMatching(sentence)],
      });
    }
  },
  120_000,
);

test('pages that become unreadable while the app runs make the store unavailable, which is said once', async () => {
  const said: string[] = [];
  const { file, open } = await storeWithLinks((line) => said.push(line));
  const store = await open();
  const rest = statSync(file).size - 2 * PAGE;
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.alloc(rest), 0, rest, 2 * PAGE);
  closeSync(descriptor);
  expect(store.peek('k1')).toBeUndefined();
  await expect(store.find('k1')).rejects.toMatchObject({ name: 'StoreUnavailable', status: 503 });
  await expect(store.check()).rejects.toMatchObject({ name: 'StoreUnavailable' });
  expect(said).toEqual([expect.stringContaining(`The links in ${file} are damaged (`)]);
  await store.close();
});
