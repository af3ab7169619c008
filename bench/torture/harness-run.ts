// One run of the harness against a target of torture's own, and what must hold however it ended.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { endGroup } from '../../loadtest/generators/child.ts';
import { readRun } from '../../model/run-folder.ts';
import { root, tempFolder } from '../program.ts';

export const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

/** Answers each request by `serve`, which gets its number, from 0. */
async function startTarget(serve: (socket: Socket, request: number) => void) {
  let requests = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)).on('error', () => {}));
    socket.on('data', () => serve(socket, requests++));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close };
}

export type HarnessFault = {
  readonly flags: readonly string[];
  readonly serve?: ((socket: Socket, request: number) => void) | undefined;
  /** Called when the first second of load is on disk. */
  readonly inject?: (harness: Harness) => unknown;
  /** Undefined: what is started is killed, and has none. */
  readonly exitCode: number | undefined;
  /** Under what it is started. */
  readonly under?: 'node' | 'npm in a shell' | 'a disk of its own' | 'a full disk' | 'few open files';
};

export type Harness = { readonly child: ChildProcess; readonly out: string; said(): string };

const headroom = ['stress', '--expect', '200', '--metrics', 'none'];
const node = [process.execPath, '--import', 'tsx', 'cli.ts', ...headroom];
const starts: Readonly<Record<NonNullable<HarnessFault['under']>, (out: string) => readonly string[]>> = {
  node: () => node,
  // The shell has something left to do: it stays.
  'npm in a shell': () => ['sh', '-c', 'npm run -s "$@"; true', 'sh', 'stress', '--', ...headroom.slice(1)],
  'a disk of its own': (out) => onDisk('16m', out),
  'a full disk': (out) => onDisk('1m', out),
  'few open files': () => ['sh', '-c', 'ulimit -n 300; exec "$@"', 'sh', ...node],
};

function onDisk(size: string, out: string): readonly string[] {
  mkdirSync(out);
  return ['unshare', '-rm', 'sh', '-c', `mount -t tmpfs -o size=${size} none "${out}" && exec "$@"`, 'sh', ...node];
}

function startHarness(words: readonly string[], out: string): Harness {
  const [program = '', ...args] = words;
  // As a group, which goes with torture.
  const child = spawn(program, [...args, '--out', out], { cwd: root, detached: true });
  process.once('exit', () => endGroup(child));
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
  return { child, out, said: () => text };
}

/** What does not hold; empty when all does. */
export async function harnessRun({ flags, serve, inject, exitCode, under = 'node' }: HarnessFault): Promise<string[]> {
  const out = join(tempFolder(), 'runs');
  const target = await startTarget(serve ?? ((socket) => socket.write(answer)));
  const harness = startHarness([...starts[under](out), '--target', target.url, ...flags], out);
  // Of all that hold its pipes: the load has ended then.
  const ended = once(harness.child, 'close');
  const dir = await firstSecond(harness, under === 'a disk of its own');
  if (dir !== undefined) await inject?.(harness);
  const [code] = await ended;
  target.close();
  if (dir === undefined && exitCode === 2 && code === 2 && !/\n {4}at /.test(harness.said())) return [];
  if (dir === undefined) return [`no run began (exit code ${code}): ${harness.said().trim()}`];
  const record = existsSync(join(dir, 'run.json')) ? readRun(dir) : undefined;
  return [
    ...(code === (exitCode ?? null) ? [] : [`exit code ${code}, not ${exitCode ?? 'a signal'}`]),
    ...(/\n {4}at /.test(harness.said()) ? ['a stack trace'] : []),
    ...(record === undefined || record.status === 'running' ? ['its record was not finished'] : []),
    ...(existsSync(join(dir, 'report', 'index.html')) ? [] : ['no report']),
  ];
}

/** The run's folder once a second of load is in it. A disk of its own is gone with the harness, but for who has it open. */
async function firstSecond({ child, out }: Harness, own: boolean): Promise<string | undefined> {
  while (child.exitCode === null && child.signalCode === null) {
    const runs = own ? `/proc/${child.pid}/root${out}` : out;
    const id = existsSync(runs) ? readdirSync(runs)[0] : undefined;
    const seconds = id === undefined ? undefined : join(runs, id, 'seconds.jsonl');
    if (id !== undefined && seconds && existsSync(seconds) && readFileSync(seconds, 'utf8').includes('"kind":"load"'))
      return join(own ? `/proc/self/fd/${openSync(runs, 'r')}` : out, id);
    await wait(20);
  }
  return undefined;
}
