import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, describe, expect, test } from '@jest/globals';
import { listen } from '../../cluster/listen.ts';
import { reload } from '../../cluster/maintain.ts';
import { openFileStore } from '../../links/file-store.ts';
import { openStore } from '../../links/open-store.ts';
import { seedStore } from '../../links/seed.ts';
import { readSettings } from '../../settings.ts';
import { cleanUp, startProcess, startWithFiles, tempFolder } from '../app-process.ts';

afterAll(cleanUp);

describe('a start that cannot work prints one sentence and exits with code 2', () => {
  const refuses = async (environment: Record<string, string>, sentence: string, ...args: string[]) => {
    const { code, stdout, stderr } = await startProcess(environment, ...args).ended;
    expect({ code, stdout, lines: stderr.trim().split('\n') }).toEqual({
      code: 2,
      stdout: '',
      lines: [expect.stringContaining(sentence)],
    });
  };

  test('for a wrong setting, which the primary process reads', () =>
    refuses({ PORT: 'http' }, 'PORT is "http". Set it to a whole number from 0 to 65535'));

  test('for a port in use, which every worker runs into', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await refuses({ PORT: String(port), WORKERS: '2' }, `Port ${port} on 127.0.0.1 is in use. Stop the process that`);
    other.close();
  });

  test.each([[['import']], [['import', 'a.json', 'b.json']]])('for an import of %j, which is not one file', (command) =>
    refuses({}, 'Give import one file: npm start -- import URLS_FILE', ...command),
  );

  test.each([[['serve']], [['export', 'now']], [['--frob']], [['export', '--skip-invalid']]])(
    'for the command %j',
    (args) => refuses({}, 'Unknown command.', ...args),
  );
});

test('a folder below /proc is refused at once', async () => {
  for (const dataDir of ['/proc/x', '/proc/x/y/z', '/dev/null/x']) {
    const advice = 'Make the folder writable, or set DATA_DIR';
    expect(() => openFileStore(join(dataDir, 'files'))).toThrow(advice);
    await expect(openStore({ dataDir }, { log: () => {}, onForgotten: () => {} })).rejects.toThrow(advice);
  }
});

test('an app whose starter dies while it starts does not stay behind', async () => {
  const app = startProcess();
  app.child.disconnect();
  const { code, stdout } = await app.ended;
  expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
});

test('more connections than files may be open are closed, and the app serves on when they are gone', async () => {
  const app = startWithFiles(200);
  const site = new URL(await app.url());
  const sockets = Array.from({ length: 1500 }, () => connect(Number(site.port), site.hostname).on('error', () => {}));
  await new Promise<void>((resolve) => {
    let closed = 0;
    for (const socket of sockets) socket.resume().once('close', () => ++closed === 1300 && resolve());
  });
  for (const socket of sockets) socket.destroy();
  expect((await fetch(new URL('/go', site), { redirect: 'manual' })).status).toBe(302);
}, 120_000);

test('an export to a full disk is one sentence, and one to a reader that has enough is none', async () => {
  const DATA_DIR = tempFolder();
  const urls = Object.fromEntries(Array.from({ length: 4000 }, (_, n) => [`k${n}`, { url: `https://e.test/${n}` }]));
  writeFileSync(join(DATA_DIR, 'urls.json'), JSON.stringify(urls));
  expect((await startProcess({ DATA_DIR }, 'import', join(DATA_DIR, 'urls.json')).ended).code).toBe(0);
  const script =
    '"$1" "$2" app/server export 2>&1 >/dev/full; echo "$?"; exec 3>&1; { "$1" "$2" app/server export 2>&3; echo "$?" >&3; } | head -c 1 >/dev/null';
  const launch = join(import.meta.dirname, '..', '..', '..', 'launch.js');
  const shell = spawn('sh', ['-c', script, 'sh', process.execPath, launch], {
    env: { PATH: process.env.PATH ?? '', DATA_DIR },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  expect(await text(shell.stdout)).toMatch(
    /^The export is not complete \(.*ENOSPC.*\)\. Free some space and export again\.\n2\n0\n$/,
  );
});

test('an export from a folder without links is refused, and creates nothing', async () => {
  const DATA_DIR = join(tempFolder(), 'none');
  const { code, stdout, stderr } = await startProcess({ DATA_DIR }, 'export').ended;
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe(`There are no links in DATA_DIR=${DATA_DIR}. Set DATA_DIR to the data folder of the app.\n`);
  expect(existsSync(DATA_DIR)).toBe(false);
});

test('a second app on one data folder is refused, unless it is to run beside the first one', async () => {
  const DATA_DIR = tempFolder();
  const first = startProcess({ DATA_DIR });
  await first.url();
  const { code, stderr } = await startProcess({ DATA_DIR }).ended;
  expect([code, stderr]).toEqual([2, expect.stringContaining(`is in use by the app of process ${first.child.pid}.`)]);
  const beside = startProcess({ DATA_DIR, DATA_SHARED: '1' });
  await beside.url();
  beside.child.kill('SIGTERM');
  expect(await beside.ended).toMatchObject({ code: 0 });
  const reloaded = await startProcess({ DATA_DIR }, 'reload').ended;
  expect(reloaded.stderr).toBe(`Process ${first.child.pid} is replacing its workers.\n`);
  // Four starts from sources.
});

test('a record of a process that is another one by now keeps no app from its data folder', async () => {
  const DATA_DIR = tempFolder();
  const other = startProcess();
  await other.url();
  writeFileSync(join(DATA_DIR, 'app.pid'), `${other.child.pid} 1\n`);
  expect((await startProcess({ DATA_DIR }, 'reload').ended).stderr).toContain('No app is running');
  const app = startProcess({ DATA_DIR });
  expect(await app.url()).toMatch(/^http:/);
});

test('--help lists the commands, and starts nothing', async () => {
  const { code, stdout, stderr } = await startProcess({ PORT: 'http' }, '--help').ended;
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const command of ['reload', 'export', 'import URLS_FILE']) expect(stdout).toContain(`  ${command} `);
});

describe('what each part of a start refuses', () => {
  const userError = (message: string) => expect.objectContaining({ name: 'UserError', message });
  const containing = (part: string) => userError(expect.stringContaining(part) as unknown as string);

  test('an address of another machine', () =>
    expect(listen(() => {}, { host: '192.0.2.1', port: 0 })).rejects.toEqual(
      containing('Set HOST to an address of this machine.'),
    ));

  test('a data folder that is a file', async () => {
    const file = join(tempFolder(), 'file');
    writeFileSync(file, '');
    const opening = openStore({ dataDir: file }, { log: () => {}, onForgotten: () => {} });
    await expect(opening).rejects.toEqual(containing('Make the folder writable, or set DATA_DIR'));
    expect(() => openFileStore(join(file, 'files'))).toThrow('Make the folder writable, or set DATA_DIR');
  });

  test('seed links that are missing, malformed, or name a missing file', async () => {
    const dataDir = tempFolder();
    const store = await openStore({ dataDir }, { log: () => {}, onForgotten: () => {} });
    const files = openFileStore(join(dataDir, 'files'));
    const urlsFile = join(dataDir, 'urls.json');
    const seed = (text: string) => {
      writeFileSync(urlsFile, text);
      return seedStore(store, files, urlsFile);
    };
    await expect(seedStore(store, files, '/nowhere/urls.json')).rejects.toEqual(
      containing('URLS_FILE at the start, a readable urls.json.'),
    );
    await expect(seed('{\n  "yoo": {"uri": "http://yahoo.com"}\n}')).rejects.toEqual(
      userError('urls.json line 2, key "yoo": expected "url" or "file" but found "uri".'),
    );
    await expect(seed('{"a": {"file": "none.png"}}')).rejects.toEqual(
      containing(
        'urls.json line 1, key "a": the file "none.png" was not found, or is a symbolic link. Put it in the same folder',
      ),
    );
    await store.close();
  });

  test('a reload without a running app', () => {
    const DATA_DIR = tempFolder();
    expect(() => reload(readSettings({ DATA_DIR }))).toThrow(`No app is running with DATA_DIR=${DATA_DIR}.`);
  });
});
