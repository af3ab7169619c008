// nginx in the path of the load, as on the box: with the project's own site, started for one run and stopped whatever happens.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Finding } from '../../model/finding.ts';
import { UserError } from '../../model/user-error.ts';
import { makeFolder } from '../../model/write-run.ts';
import { endGroup, endProcess, enterAndExec, slowness } from '../generators/child.ts';
import { endWithHarness } from '../generators/end-with-harness.ts';
import { loadFinding } from '../messages.ts';
import { freePort } from './free-port.ts';
import { limitLog } from './limit-log.ts';
import { nginxConfig } from './nginx-site.ts';

export type Nginx = {
  readonly url: string;
  /** As `nginx -v` gives it. */
  readonly version: string;
  readonly workers: number;
  /** Of its master, the parent of all its processes. */
  readonly pid: number;
  /** Resolves when it exits without having been asked to. */
  readonly died: Promise<Finding>;
  stop(): Promise<void>;
};

type StartOptions = {
  /** See `findNginx`. */
  readonly program: string;
  /** Where the app listens. */
  readonly appUrl: string;
  /** Is made. */
  readonly folder: string;
  /** Debian's nginx.conf has one for each core. */
  readonly workers: number;
  /** The most that the load opens. */
  readonly connections: number;
  /** Files of control groups that it enters. */
  readonly enter?: readonly string[] | undefined;
};

const usualStartMs = 5000;
const graceMs = 3000;
/** Another process may take a free port before nginx does. */
const attempts = 3;
const logNames = ['headroom.access.log', 'headroom.error.log', 'error.log'];

/** Folders of system programs, which are not in everybody's $PATH. */
const systemFolders = ['/usr/sbin', '/usr/local/sbin'];

/** Where nginx is, by $PATH or in the folders of system programs; throws a UserError where it is not installed. */
export function findNginx({ PATH = '' }: NodeJS.ProcessEnv, others: readonly string[] = systemFolders): string {
  const folders = [...PATH.split(delimiter), ...others].filter((each) => each !== '');
  const found = folders.map((folder) => join(folder, 'nginx')).find((file) => existsSync(file));
  if (found !== undefined) return found;
  throw new UserError(
    '--with nginx: nginx is not installed. Install it (on Debian: apt-get install nginx-light), or leave nginx out',
  );
}

/** Starts nginx before the app on a free loopback port; resolves when it listens. Throws a UserError with its error log when it does not start. */
export async function startNginx(asked: StartOptions): Promise<Nginx> {
  // nginx looks for the files that it is given in the folder that it is given.
  const options = { ...asked, folder: resolve(asked.folder) };
  makeFolder(options.folder);
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const started = await tryStart(options, port);
    if (typeof started !== 'string') return started;
    if (attempt === attempts || !/Address already in use/.test(started))
      throw new UserError(`nginx did not start: ${started}`);
  }
}

/** The running nginx, or why it did not start. */
async function tryStart({ program, appUrl, enter = [], ...site }: StartOptions, port: number): Promise<Nginx | string> {
  const { folder, workers } = site;
  const [config, log, pidFile] = ['nginx.conf', 'error.log', 'nginx.pid'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const place = { ...site, app: new URL(appUrl).host, port, statusPort: await freePort() };
  writeFileSync(config, nginxConfig(place));
  writeFileSync(log, '');
  const words = [String(enter.length), ...enter, program, '-p', folder, '-c', config, '-e', log, '-g', 'daemon off;'];
  // Ctrl-C at a terminal reaches the harness alone, which then ends the rest in order.
  const child = spawn('/bin/sh', ['-c', enterAndExec, 'sh', ...words], { stdio: 'ignore', detached: true });
  const { exited, stop } = guard(child);
  const until = performance.now() + usualStartMs * slowness();
  // It listens before it writes this file.
  while (!existsSync(pidFile) && child.exitCode === null && performance.now() < until) await wait(5);
  if (child.pid === undefined || child.exitCode !== null || !existsSync(pidFile)) {
    const ended = child.exitCode !== null;
    await stop();
    return (
      lastLine(log) ||
      (ended ? `it exited (${await exited})` : `no answer within ${(usualStartMs * slowness()) / 1000} s`)
    );
  }
  // On a box they are rotated.
  const limits = logNames.map((name) => limitLog(join(folder, name)));
  let stopping = false;
  return {
    url: `http://127.0.0.1:${port}`,
    version: versionOf(program),
    workers,
    pid: child.pid,
    died: new Promise((resolve) => {
      void exited.then((how) => {
        if (!stopping) resolve(loadFinding('nginx-exited', { how, output: lastLine(log) }));
      });
    }),
    stop: () => {
      stopping = true;
      for (const stopLimit of limits) stopLimit();
      return stop();
    },
  };
}

/** Its workers outlive a master that is killed, and all of them this process, unless they are ended. */
function guard(child: ChildProcess) {
  const watcher = endWithHarness(child.pid, graceMs);
  const exited = new Promise<string>((resolve) => {
    child.once('error', ({ message }) => resolve(message));
    child.once('exit', (code, signal) => {
      endGroup(child);
      watcher.kill();
      resolve(signal ?? `exit ${code}`);
    });
  });
  return { exited, stop: () => endProcess(child, graceMs * slowness()) };
}

function versionOf(program: string): string {
  // It writes its version to stderr.
  const said = execFileSync('/bin/sh', ['-c', '"$1" -v 2>&1', 'sh', program], { encoding: 'utf8' });
  return /nginx\/([\w.]+)/.exec(said)?.[1] ?? said.trim();
}

function lastLine(log: string): string {
  return readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? '';
}
