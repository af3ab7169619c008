import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { cleanUp, startProcess, tempFolder } from '../app-process.ts';

afterEach(cleanUp);

const redirect = async (url: string) => {
  const response = await fetch(url, { redirect: 'manual' });
  return [response.status, response.headers.get('location')];
};

describe('a running app', () => {
  test('says where it listens, reports its use, and stops on SIGTERM', async () => {
    const app = startProcess();
    const ready = await app.message('ready');
    expect(ready).toEqual({ type: 'ready', url: expect.any(String), pid: app.child.pid, pids: expect.any(Array) });
    expect(await redirect(`${ready.url}/go`)).toEqual([302, 'http://google.com']);

    const usage = await app.message('app-usage');
    expect(ready.pids).toContain(usage.pid);
    expect(usage.eventLoopUtilization).toBeGreaterThanOrEqual(0);
    expect(usage.eventLoopUtilization).toBeLessThanOrEqual(1);
    expect(usage.eventLoopDelayMaxMs).toBeGreaterThanOrEqual(0);

    app.child.kill('SIGTERM');
    expect(await app.ended).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^The shortener listens on http:\/\/127\.0\.0\.1:\d+.*\n$/),
      stderr: '',
    });
  });

  test('stops when the channel to its parent is cut', async () => {
    const app = startProcess();
    await app.url();
    app.child.disconnect();
    expect((await app.ended).code).toBe(0);
  });

  test('keeps its links over a restart', async () => {
    const DATA_DIR = tempFolder();
    const first = startProcess({ DATA_DIR });
    const body = new URLSearchParams({ code: 'kept', url: 'https://example.org/kept' });
    expect((await fetch(`${await first.url()}/your-url`, { method: 'POST', body })).status).toBe(200);
    first.child.kill('SIGKILL');
    await first.ended;

    const second = startProcess({ DATA_DIR });
    expect(await redirect(`${await second.url()}/kept`)).toEqual([302, 'https://example.org/kept']);
  });
});

describe('a start that cannot work ends with one sentence and exit code 2', () => {
  const refuses = async (environment: Record<string, string>, sentence: string | RegExp) => {
    const { code, stdout, stderr } = await startProcess(environment).ended;
    expect(stderr.trim()).toMatch(sentence);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  };

  test('a port that is no port', () =>
    refuses({ PORT: 'http' }, 'PORT is "http". Set it to a whole number from 0 to 65535'));
  test('no workers', () => refuses({ WORKERS: '0' }, 'WORKERS is "0". Set it to a whole number from 1 to 64'));
  test('an address of another machine', () =>
    refuses({ HOST: '192.0.2.1' }, 'Set HOST to an address of this machine.'));

  test('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await refuses({ PORT: String(port) }, `Port ${port} on 127.0.0.1 is taken. Stop what listens there or set PORT`);
    other.close();
  });

  test('a data folder that is a file', async () => {
    const file = join(tempFolder(), 'file');
    writeFileSync(file, '');
    await refuses({ DATA_DIR: file }, 'Make the folder writable or set DATA_DIR.');
  });

  test('broken seed links', async () => {
    const URLS_FILE = join(tempFolder(), 'urls.json');
    writeFileSync(URLS_FILE, '{\n  "go": {"url": "http://google.com"},\n  "yoo": {"uri": "http://yahoo.com"}\n}');
    await refuses({ URLS_FILE }, 'urls.json line 3, key "yoo": expected "url" or "file" but found "uri".');
  });

  test('no seed links', () => refuses({ URLS_FILE: '/nowhere/urls.json' }, 'Set URLS_FILE to a readable urls.json.'));
});
