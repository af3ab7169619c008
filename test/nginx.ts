// A real nginx with a configuration of its caller, in a folder of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

export const nginxProgram = ['/usr/sbin/nginx', '/usr/bin/nginx'].find((path) => existsSync(path));

export type Nginx = {
  /** With these, nginx finds the running one: `nginx FLAGS -s reload`. */
  readonly flags: readonly string[];
  stop(): Promise<void>;
};

/** Starts nginx with `http` as its http block; resolves when it listens, and rejects with its error log when it does not start. */
export async function startNginx(
  folder: string,
  http: string,
  { workers = 'auto', cores = '0-63' }: { readonly workers?: string; readonly cores?: string } = {},
): Promise<Nginx> {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  // Started by root, nginx would change to a user who may not write into this folder.
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const [config, log, pid] = ['nginx.conf', 'error.log', 'nginx.pid'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(
    config,
    `${user} worker_processes ${workers}; pid ${pid}; error_log ${log};
    events { worker_connections 16384; } http { ${temporary.join(' ')} ${http} }`,
  );
  const flags = ['-p', folder, '-c', config, '-e', log];
  const command = [nginxProgram ?? 'nginx', ...flags, '-g', 'daemon off;'];
  const child = spawn('taskset', ['-c', cores, ...command], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  // It listens before it writes this file.
  while (!existsSync(pid) && child.exitCode === null) await wait(5);
  if (child.exitCode !== null) throw new Error(`nginx did not start: ${readFileSync(log, 'utf8')}`);
  return {
    flags,
    async stop() {
      child.kill('SIGQUIT');
      await exited;
    },
  };
}

/**
 * So many ports that were free a moment ago, below those that the kernel gives to outgoing connections (from 32768): one of a test beside this
 * would take them before the server is there.
 */
export async function freePorts(count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = 10_000 + Math.floor(Math.random() * 22_000);
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return false;
  }
  await new Promise((resolve) => probe.close(resolve));
  return true;
}
