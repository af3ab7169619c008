// The data of the predecessor, and our own exports, come in as a whole or with one list of what does not.
import { mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { exportUrls } from '../../links/export-urls.ts';
import { openFileStore } from '../../links/file-store.ts';
import { seedStore } from '../../links/seed.ts';
import { cleanUp, tempFolder } from '../app-process.ts';
import { type AppServer, startApp, visit } from '../app-server.ts';

let site: AppServer;
beforeAll(async () => {
  site = await startApp();
});
afterAll(async () => {
  await site.stop();
  await cleanUp();
});

/** A urls.json in a folder of its own. */
function urlsFile(urls: object): string {
  const file = join(tempFolder(), 'urls.json');
  writeFileSync(file, JSON.stringify(urls, null, 2));
  return file;
}

const add = (file: string, options = {}) => seedStore(site.store, openFileStore(site.filesFolder), file, options);
const locationOf = async (path: string) => (await visit(site.url).get(path)).headers.get('location');

test('codes and targets that only the predecessor allowed are served, and cannot be created', async () => {
  const old = {
    'a.b': 'http://one.test/',
    café: 'ftp://two.test/file',
    'two words': 'http://three.test/',
    '100%': 'http://four.test/',
    ['x'.repeat(100)]: 'http://five.test/',
  };
  const file = urlsFile(Object.fromEntries(Object.entries(old).map(([code, url]) => [code, { url }])));
  expect(await add(file)).toEqual({ links: 5, skipped: [] });
  for (const [code, url] of Object.entries(old)) {
    expect(await locationOf(`/${encodeURIComponent(code)}`)).toBe(url);
    expect((await visit(site.url).get(`/${encodeURIComponent(code)}+`)).status).toBe(200);
  }
  expect(await locationOf('/a.b?utm=x')).toBe('http://one.test/');
  const body = JSON.stringify({ code: 'c.d', url: 'ftp://x.test/' });
  const headers = { 'content-type': 'application/json' };
  const created = await visit(site.url).send('/api/links', { method: 'POST', body, headers });
  expect([created.status, Object.keys(((await created.json()) as { fields: object }).fields)]).toEqual([
    422,
    ['code', 'url'],
  ]);
});

test('files of the predecessor are found where it kept them, and get their names back', async () => {
  const file = urlsFile({ doc: { file: 'docreport v2.pdf' }, 'é.1': { file: 'é.1notes.txt' } });
  const folder = join(file, '..', 'static', 'user_files');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'docreport v2.pdf'), '%PDF-1 old');
  writeFileSync(join(folder, 'é.1notes.txt'), 'notes');
  expect(await add(file)).toEqual({ links: 2, skipped: [] });
  const doc = await visit(site.url).get((await locationOf('/doc')) ?? '');
  expect(doc.headers.get('content-disposition')).toBe('attachment; filename="report v2.pdf"');
  expect(await doc.text()).toBe('%PDF-1 old');
  const notes = await visit(site.url).get((await locationOf(`/${encodeURIComponent('é.1')}`)) ?? '');
  expect([notes.headers.get('content-disposition'), await notes.text()]).toEqual([
    'inline; filename="notes.txt"',
    'notes',
  ]);
});

test('a link in a folder that somebody sent publishes no file of this machine', async () => {
  const file = urlsFile({ stolen: { file: 'photo.png' } });
  symlinkSync('/etc/hostname', join(dirname(file), 'photo.png'));
  await expect(add(file)).rejects.toThrow('"photo.png" was not found, or is a symbolic link');
});

describe('of a file with mistakes', () => {
  const file = () =>
    urlsFile({
      good: { url: 'https://good.test/' },
      evil: { url: 'javascript:alert(1)' },
      'a/b': { url: 'https://b.test/' },
      healthz: { url: 'https://c.test/' },
      gone: { file: 'gone.pdf' },
      odd: { uri: 'https://d.test/' },
      last: { url: 'https://last.test/' },
    });
  const problems = [
    'line 5, key "evil": Start the URL with http:// or https://.',
    'line 8, key "a/b": The short name cannot be the path of a link.',
    'line 11, key "healthz": The short name "healthz" is a path of the app.',
    'line 14, key "gone": the file "gone.pdf" was not found, or is a symbolic link. Put it in the same folder, or import with --files FOLDER.',
    'line 18, key "odd": expected "url" or "file" but found "uri".',
  ];

  test('all of them are listed at once, and no link is added', async () => {
    await expect(add(file())).rejects.toThrow(
      `urls.json has 5 invalid entries, so no link was added:\n  ${problems.join('\n  ')}\nCorrect them, or import`,
    );
    expect(await locationOf('/good')).toBeNull();
  });

  test('the others are added when the invalid ones are to be skipped', async () => {
    expect(await add(file(), { skipInvalid: true })).toEqual({ links: 2, skipped: problems });
    expect([await locationOf('/good'), await locationOf('/last')]).toEqual([
      'https://good.test/',
      'https://last.test/',
    ]);
  });
});

test('an export with files is imported into another store, with their contents and names', async () => {
  const visitor = visit(site.url);
  const form = new FormData();
  form.set('code', 'trip');
  form.set('file', new Blob(['%PDF-1 trip']), 'Reise nach Köln.pdf');
  await visitor.post('/your-url', form);
  const exported = await text(Readable.from(exportUrls(site.store)));
  const file = join(tempFolder(), 'links.json');
  writeFileSync(file, exported);

  const other = await startApp();
  const into = openFileStore(other.filesFolder);
  await expect(seedStore(other.store, into, file)).rejects.toThrow('was not found');
  const { skipped } = await seedStore(other.store, into, file, { filesFolder: site.filesFolder });
  expect(skipped).toEqual([]);
  const location = (await visit(other.url).get('/trip')).headers.get('location') ?? '';
  const download = await visit(other.url).get(location);
  expect(download.headers.get('content-disposition')).toContain("filename*=UTF-8''Reise%20nach%20K%C3%B6ln.pdf");
  expect(await download.text()).toBe('%PDF-1 trip');
  const again = await text(Readable.from(exportUrls(other.store)));
  const codes = (urls: string) => Object.keys(JSON.parse(urls)).sort();
  expect(codes(again)).toEqual(codes(exported));
  await other.stop();
  expect(readFileSync(file, 'utf8')).toBe(exported);
});

test('a urls.json that no program could hold is refused before it is read', async () => {
  const file = urlsFile({});
  truncateSync(file, 2 ** 32);
  await expect(add(file)).rejects.toThrow('urls.json is larger than 536 MB. Split it, and import its parts.');
});
