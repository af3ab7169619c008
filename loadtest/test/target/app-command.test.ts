import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { startApp } from '../../target/app-command.ts';
import type { AppOptions } from '../../target/started-app.ts';

const folder = mkdtempSync(join(tmpdir(), 'app-'));
afterAll(() => rmSync(folder, { recursive: true }));

const logFile = join(folder, 'app.log');

/** Of its process group alone: a group is what these apps start. */
function family(roots: Iterable<number>): number[] {
  return [...roots].filter((pid) => {
    try {
      return process.kill(-pid, 0);
    } catch {
      return false;
    }
  });
}

function start(line: string, more: Partial<AppOptions> = {}) {
  return startApp({
    line,
    logFile,
    environment: { ...process.env, NODE_OPTIONS: '', npm_config_user_agent: 'npm' },
    withheld: [],
    workers: 2,
    view: { family, marked: () => [], ports: () => [], listeners: () => [] },
    signal: new AbortController().signal,
    say: () => {},
    ...more,
  });
}

const server = (answer: string) =>
  `node -e "require('http').createServer((q, s) => s.end(${answer})).listen(process.env.PORT)"`;

test('an app gets PORT and WEB_CONCURRENCY, answers, and is gone with its children when it is stopped', async () => {
  const said = "[process.env.WEB_CONCURRENCY, process.env.NODE_ENV, process.env.npm_config_user_agent].join(' ')";
  const app = await start(`echo begun; sleep 600 & ${server(said)} & wait`);
  const [pid = 0] = app.pids();
  expect(await (await fetch(app.url)).text()).toBe('2 test ');
  expect(readFileSync(logFile, 'utf8')).toBe('begun\n');
  expect(family([pid])).toEqual([pid]);
  await app.stop();
  expect(family([pid])).toEqual([]);
});

test('one that exits later says how, with its last lines', async () => {
  const app = await start(`echo warm >&2; ${server("q.url === '/end' ? process.exit(3) : ''")}`);
  await fetch(new URL('/end', app.url)).catch(() => {});
  expect((await app.died).text).toMatch(/^The app exited \(exit 3\)\. It wrote last: .*warm$/);
  await app.stop();
});

test('one that leaves the foreground later is told to stay there, and its detached child gets SIGTERM', async () => {
  const pidFile = join(folder, 'child.pid');
  const child = "process.on('SIGTERM', () => process.exit()); setInterval(() => {}, 1000); process.stdout.write('r')";
  const parent = `const child = require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
child.stdout.once('data', () => { require('fs').writeFileSync(process.env.PID_FILE, String(child.pid)); require('http').createServer((q, s) => { if (q.url === '/end') process.exit(0); s.end(); }).listen(process.env.PORT); });`;
  const file = join(folder, 'parent.cjs');
  writeFileSync(file, parent);
  const said: string[] = [];
  const all = (roots: Iterable<number>) => family(new Set([...roots, Number(readFileSync(pidFile, 'utf8') || 0)]));
  const app = await start(`exec node ${file}`, {
    environment: { ...process.env, NODE_OPTIONS: '', PID_FILE: pidFile },
    view: { family: all, marked: () => [], ports: () => [], listeners: () => [] },
    say: (text) => said.push(text),
  });
  await fetch(new URL('/end', app.url)).catch(() => {});
  expect((await app.died).text).toMatch(/^The app exited \(exit 0\)\. It has to stay in the foreground/);
  await app.stop();
  expect(said).toEqual([]);
  expect(all([])).toEqual([]);
});

test.each([
  ['echo one; echo two >&2; exit 4', /exited \(exit 4\) before it answered\. It wrote last:\n(.*\n)* {2}one\n {2}two$/],
  ['kill -KILL $$', /exited \(SIGKILL\) before it answered/],
  ['echo "bind: Address already in use"; exit 1', /\. A port that it needs is taken: let it listen on \$PORT/],
  ['true', /exited \(exit 0\) before it answered\. It has to stay in the foreground/],
])('one that ends before it answers is refused in a sentence: %s', async (line, sentence) => {
  await expect(start(line)).rejects.toThrow(sentence);
});

test('one that misses a variable which headroom keeps to itself is told how to get it', async () => {
  const starting = start('echo SESSION_SECRET is not set; exit 1', { withheld: ['DD_API_KEY', 'SESSION_SECRET'] });
  await expect(starting).rejects.toThrow(
    "headroom keeps SESSION_SECRET to itself: pass it by another name, like APP_SESSION_SECRET=... npm run stress -- --app 'SESSION_SECRET=$APP_SESSION_SECRET COMMAND'. It wrote last:",
  );
  await expect(start('echo SESSION_SECRET is not set; exit 1')).rejects.not.toThrow('to itself');
});

test('one that takes requests and does not answer is waited for aloud', async () => {
  const stop = new AbortController();
  const said: string[] = [];
  const say = (text: string) => {
    said.push(text);
    stop.abort(new Error('stopped by the user'));
  };
  const silent = `node -e "require('http').createServer(() => {}).listen(process.env.PORT)"`;
  await expect(start(silent, { say, sayAfterMs: 2000, signal: stop.signal })).rejects.toThrow('stopped by the user');
  expect(said).toEqual([expect.stringMatching(/^The app has not answered yet \(.*\)\. Waiting for up to \d+ s$/)]);
});

test('a fixed port that is taken is refused, and one whose wait is stopped leaves nothing', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const fixed = new URL(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
  await expect(start('sleep 600', { fixed })).rejects.toThrow('answers before the app of --app was started');
  other.close();
  const stop = new AbortController();
  const started = start('sleep 600', { signal: stop.signal });
  stop.abort(new Error('stopped by the user'));
  await expect(started).rejects.toThrow('stopped by the user');
});

test('one that ignores SIGTERM is killed after the grace, which is said', async () => {
  const said: string[] = [];
  const ignoring = `node -e "process.on('SIGTERM', () => {}); require('http').createServer((q, s) => s.end()).listen(process.env.PORT)"`;
  const app = await start(ignoring, { graceMs: 3000, say: (text) => said.push(text) });
  const [pid = 0] = app.pids();
  await app.stop();
  expect(family([pid])).toEqual([]);
  expect(said).toEqual(['The app did not end within 3 s of SIGTERM, and was killed']);
});

test('processes that cannot be ended are named beside the reason why the app did not start', async () => {
  // Never gone, and not to be killed either: no process has this number.
  const stays = { family: () => [2 ** 30], marked: () => [], ports: () => [], listeners: () => [] };
  const starting = start('echo no database >&2; exit 1', { view: stays, graceMs: 100 });
  await expect(starting).rejects.toThrow(
    /exited \(exit 1\)[\s\S]*no database[\s\S]*still there\. End them: kill -9 1073741824$/,
  );
});
