import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { onCleanUp, tempFolder } from './app-process.ts';

export const hasRedis = existsSync('/usr/bin/redis-server');

export interface RedisServer {
  readonly url: string;
  start(): Promise<void>;
  /** Ends the server at once, as a power cut would. */
  kill(): Promise<void>;
}

/** A Redis server of the test's own, which writes every change to disk before it answers. */
export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const folder = tempFolder();
  let child: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const start = async (): Promise<void> => {
    const durable = ['--save', '', '--appendonly', 'yes', '--appendfsync', 'always'];
    child = spawn('/usr/bin/redis-server', ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, ...durable]);
    for await (const chunk of child.stdout ?? []) if (String(chunk).includes('Ready to accept connections')) break;
  };
  onCleanUp(kill);
  await start();
  return { url: `redis://127.0.0.1:${port}`, start, kill };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
