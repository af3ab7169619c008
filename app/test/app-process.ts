import { type ChildProcess, type ForkOptions, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

export const UNSHARE = '/usr/bin/unshare';
const LAUNCH = join(import.meta.dirname, '..', '..', 'launch.js');

export type Message = { readonly type: string } & Record<string, unknown>;

/** How a process ended and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface AppProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** The next message of a type, also one that has already come. */
  message(type: string): Promise<Message>;
  /** The address, once ready. */
  url(): Promise<string>;
}

const cleanUps: (() => Promise<void> | void)[] = [];

/** Has something done after the test. */
export function onCleanUp(task: () => Promise<void> | void): void {
  cleanUps.push(task);
}

/** A folder that is removed after the test. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-app-'));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts the real app in a process of its own, with an IPC channel. */
export function startProcess(environment: Record<string, string> = {}, ...args: string[]): AppProcess {
  return start({ execArgv: [] }, environment, args);
}

/** Starts it where each process may have so many files open. */
export function startWithFiles(most: number): AppProcess {
  const execArgv = ['-c', `ulimit -n ${most}; exec "$0" "$@"`, process.execPath];
  return start({ execPath: '/bin/sh', execArgv }, {}, []);
}

/**
 * Starts it with a file system of its own on its data folder, which goes with it; `options` are those of a tmpfs. With `logsThere`
 * its output goes to a file on that disk.
 */
export function startOnOwnDisk(options: string, logsThere = false): AppProcess & { readonly disk: string } {
  const DATA_DIR = tempFolder();
  const mount = `mount -t tmpfs -o ${options} headroom "$DATA_DIR" && exec "$0" "$@"${logsThere ? ' >"$DATA_DIR/log" 2>&1' : ''}`;
  const execArgv = ['--map-root-user', '--mount', 'sh', '-c', mount, process.execPath];
  const app = start({ execPath: UNSHARE, execArgv }, { DATA_DIR }, []);
  return { ...app, disk: `/proc/${app.child.pid}/root${DATA_DIR}` };
}

function start(
  program: Pick<ForkOptions, 'execPath' | 'execArgv'>,
  environment: Record<string, string>,
  args: string[],
): AppProcess {
  const { PATH = '' } = process.env;
  const child = fork(LAUNCH, ['app/server', ...args], {
    ...program,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { PATH, PORT: '0', DATA_DIR: environment.DATA_DIR ?? tempFolder(), WORKERS: '1', ...environment },
  });
  const output = Promise.all([child.stdout, child.stderr].map((stream) => (stream ? text(stream) : '')));
  // Not 'close': it does not come after the parent has cut the channel.
  const ended = once(child, 'exit').then(async ([code]): Promise<Ended> => {
    const [stdout = '', stderr = ''] = await output;
    return { code, stdout, stderr };
  });
  const messages: Message[] = [];
  child.on('message', (message) => messages.push(message as Message));
  cleanUps.push(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await ended;
  });

  const message = async (type: string): Promise<Message> => {
    for (;;) {
      const at = messages.findIndex((candidate) => candidate.type === type);
      const found = messages[at];
      if (found) {
        messages.splice(at, 1);
        return found;
      }
      const end = await Promise.race([once(child, 'message').then(() => undefined), ended]);
      if (end) throw new Error(`the app ended with ${end.code} before "${type}": ${end.stderr}`);
    }
  };
  return { child, ended, message, url: async () => (await message('ready')).url as string };
}

/** Ends what the test has started. */
export async function cleanUp(): Promise<void> {
  for (const task of cleanUps.splice(0).reverse()) await task();
}
