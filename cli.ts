#!/usr/bin/env node
// The `headroom` command: reads the command line and the environment, and sets the exit code.
import './commands/cli/node-version.ts';

import { readlinkSync } from 'node:fs';
import { isatty } from 'node:tty';
import { hideBin } from 'yargs/helpers';
import type { CommandContext } from './commands/cli/context.ts';
import { takeEnvironment } from './commands/cli/environment.ts';
import { describeSystemLimit } from './commands/cli/system-limit.ts';
import { runHeadroom } from './commands/run.ts';
import { invocationOf, withShortForm } from './model/command-line.ts';

const interrupt = new AbortController();
const context: CommandContext = {
  environment: takeEnvironment(process.env),
  // Opened on first use.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  live: process.stderr.isTTY === true,
  interactive: isatty(0) && isatty(2),
  ...(process.stdout.columns && { columns: process.stdout.columns }),
  color: process.stdout.isTTY === true && !process.env.NO_COLOR,
  words: withShortForm(hideBin(process.argv)),
  invocation: invocationOf(process.argv[1] ?? ''),
  signal: interrupt.signal,
  exit: (code) => {
    process.exitCode = code;
  },
};

// A reader that closes the pipe early (`| head`) and a terminal that is closed end no run and change no exit code. A result that a full
// disk did not take is no result.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
    if (stream === process.stderr || code === 'EPIPE' || code === 'EIO' || code === 'ERR_STREAM_DESTROYED') return;
    context.stderr.write(
      `headroom: the result cannot be written to stdout (${code}). What was measured is in its files\n`,
    );
    process.once('exit', () => {
      process.exitCode = 2;
    });
  });
}

// The first signal stops the run and still writes its report; a second one exits at once. Exit code: 128 + signal number, as in shells.
// npm and tsx forward a signal that the process group received already: within this time it counts as the same one.
const sameSignalMs = 500;
let signalledMs = Number.NEGATIVE_INFINITY;
for (const [name, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  // The terminal was closed.
  ['SIGHUP', 129],
] as const) {
  process.on(name, () => {
    // Node takes back what nohup has set. npm ends; the run goes on.
    if (name === 'SIGHUP' && isDetached()) return;
    if (interrupt.signal.aborted && performance.now() - signalledMs > sameSignalMs) process.exit(code);
    if (interrupt.signal.aborted) return;
    signalledMs = performance.now();
    interrupt.abort({ status: 'interrupted', reason: `stopped by ${name}`, exitCode: code });
  });
}

// npx dies of a signal and passes none on: the run then ends in order.
if (process.env.npm_lifecycle_event === 'npx' && !isDetached()) {
  const npx = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === npx) return;
    clearInterval(watch);
    if (!interrupt.signal.aborted) process.kill(process.pid, 'SIGTERM');
  }, 200).unref();
}

// Such an error comes from anywhere, and nothing that was begun can go on. What was started ends with this process.
process.on('uncaughtException', (error) => {
  const limit = describeSystemLimit(error);
  process.stderr.write(limit === undefined ? `${error?.stack ?? error}\n` : `headroom: ${limit}\n`);
  process.exit(limit === undefined ? 1 : 2);
});

/** Started by nohup, or by a script with &: both leave no stdin. In CI the job has the say. */
function isDetached(): boolean {
  try {
    return !context.environment.CI && readlinkSync('/proc/self/fd/0') === '/dev/null';
  } catch {
    return false;
  }
}

await runHeadroom(context);
