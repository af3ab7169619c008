import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startShortener } from '../../target/shortener.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'shortener-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

const start = () =>
  startShortener({
    dataDir,
    workers: 1,
    environment: process.env,
    sessionSecret: 'a secret of at least 32 characters',
  });

test('the shortener is started again at the same address, with its links, as other processes', async () => {
  const app = await start();
  try {
    const before = [...app.pids()];
    const created = await fetch(`${app.url}/api/links`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: 'https://example.com/', code: 'kept' }),
    });
    expect(created.status).toBe(201);
    await app.restart();
    const kept = await fetch(`${app.url}/kept`, { redirect: 'manual' });
    expect(kept.headers.get('location')).toBe('https://example.com/');
    expect(app.pids()).toHaveLength(before.length);
    expect(app.pids().filter((pid) => before.includes(pid))).toEqual([]);
  } finally {
    await app.stop();
  }
});

test('an app that ends by itself after it was started again is dead', async () => {
  const app = await start();
  try {
    await app.restart();
    const stat = readFileSync(`/proc/${app.pids()[0]}/stat`, 'utf8');
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    // Of the worker; the primary process is what was started.
    process.kill(parent, 'SIGKILL');
    expect((await app.died).code).toBe('shortener-exited');
  } finally {
    await app.stop();
  }
});
