// Runs the command as a user does, for the tests that cross folders.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { runHeadroom } from '../commands/run.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const asUsersDo = ['launch.js', 'cli'];

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Starts it, with `more` in its environment; `ended` resolves with everything that it said. */
export function start(
  args: readonly string[],
  program: readonly string[] = asUsersDo,
  more: NodeJS.ProcessEnv = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  // Jest's own options are not for the programs that it tests.
  const { NODE_OPTIONS: _, ...environment } = process.env;
  const child = spawn(process.execPath, [...program, ...args], {
    cwd: root,
    env: { ...environment, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code, stdout, stderr }));
  return { child, ended };
}

/** Starts it and waits for its end. */
export const headroom = (
  args: readonly string[],
  program?: readonly string[],
  more?: NodeJS.ProcessEnv,
): Promise<Ended> => start(args, program, more).ended;

/** A machine does not stand still in so many runs in a row: then it is the code that has no verdict. */
const mostRuns = 5;

/** Runs it until it has a verdict, at most five times: on a machine that stands still a run says that it has none, and is to be made again. */
export async function untilVerdict<E extends { readonly code: number | null }>(run: () => Promise<E>): Promise<E> {
  let ended = await run();
  for (let runs = 1; ended.code === 4 && runs < mostRuns; runs++) ended = await run();
  return ended;
}

/** Runs the command within this process: for what it says, not for how a process starts and ends. --help is printed past it. */
export async function headroomHere(
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  stdin: readonly Buffer[] = [],
): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  const into = (name: keyof typeof said) =>
    new Writable({
      write(chunk, _encoding, done) {
        said[name] += chunk;
        done();
      },
    });
  let code = 0;
  await runHeadroom({
    environment,
    stdin: Readable.from(stdin),
    stdout: into('stdout'),
    stderr: into('stderr'),
    live: false,
    interactive: false,
    color: false,
    words: args,
    invocation: 'npm run',
    signal: new AbortController().signal,
    exit: (given) => {
      code = given;
    },
  });
  return { code, ...said };
}
