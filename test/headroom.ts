// Runs the command as a user does, for the tests that cross folders.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

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
