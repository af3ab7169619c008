// One run of the harness against a target of torture's own, and what must hold however it ended.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
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
  readonly inject?: (harness: ChildProcess, said: () => string) => unknown;
  readonly exitCode: number;
};

/** What does not hold; empty when all does. */
export async function harnessRun({ flags, serve, inject, exitCode }: HarnessFault): Promise<string[]> {
  const out = join(tempFolder(), 'runs');
  const target = await startTarget(serve ?? ((socket) => socket.write(answer)));
  const command = [
    '--import',
    'tsx',
    'cli.ts',
    'stress',
    '--target',
    target.url,
    '--expect',
    '200',
    '--metrics',
    'none',
  ];
  const harness = spawn(process.execPath, [...command, '--out', out, ...flags], { cwd: root });
  let said = '';
  for (const stream of [harness.stdout, harness.stderr]) stream.on('data', (chunk) => (said += chunk));
  const ended = once(harness, 'close');
  const dir = await firstSecond(out, harness);
  if (dir !== undefined) await inject?.(harness, () => said);
  const [code] = await ended;
  target.close();
  if (dir === undefined) return [`no run began: ${said.trim()}`];
  return [
    ...(code === exitCode ? [] : [`exit code ${code}, not ${exitCode}`]),
    ...(/\n {4}at /.test(said) ? ['a stack trace'] : []),
    ...(readRun(dir).status === 'running' ? ['its record was not finished'] : []),
    ...(existsSync(join(dir, 'report', 'index.html')) ? [] : ['no report']),
  ];
}

async function firstSecond(out: string, harness: ChildProcess): Promise<string | undefined> {
  while (harness.exitCode === null && harness.signalCode === null) {
    const id = existsSync(out) ? readdirSync(out)[0] : undefined;
    const seconds = id === undefined ? undefined : join(out, id, 'seconds.jsonl');
    if (id !== undefined && seconds && existsSync(seconds) && readFileSync(seconds, 'utf8').includes('"kind":"load"'))
      return join(out, id);
    await wait(20);
  }
  const [id] = existsSync(out) ? readdirSync(out) : [];
  return id === undefined ? undefined : join(out, id);
}
