import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { listen } from '../../cluster/listen.ts';
import { reload } from '../../cluster/maintain.ts';
import { openFileStore } from '../../links/file-store.ts';
import { openStore } from '../../links/open-store.ts';
import { seedStore } from '../../links/seed.ts';
import { readSettings } from '../../settings.ts';
import { cleanUp, startProcess, tempFolder } from '../app-process.ts';

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

  test.each([[['import']], [['serve']]])('for the command %j', (args) => refuses({}, 'Unknown command.', ...args));
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
      containing('Set URLS_FILE to a readable urls.json.'),
    );
    await expect(seed('{\n  "yoo": {"uri": "http://yahoo.com"}\n}')).rejects.toEqual(
      containing('urls.json line 2, key "yoo": expected "url" or "file" but found "uri".'),
    );
    await expect(seed('{"a": {"file": "none.png"}}')).rejects.toEqual(
      userError('urls.json line 1, key "a": the file "none.png" was not found. Put it in the same folder.'),
    );
    await store.close();
  });

  test('a reload without a running app', () => {
    const DATA_DIR = tempFolder();
    expect(() => reload(readSettings({ DATA_DIR }))).toThrow(`No app is running with DATA_DIR=${DATA_DIR}.`);
  });
});
