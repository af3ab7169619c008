#!/usr/bin/env node
// The `headroom` command: reads the command line and the environment, and sets the exit code.
import { isatty } from 'node:tty';
import { hideBin } from 'yargs/helpers';
import type { CommandContext } from './commands/cli/context.ts';
import { takeEnvironment } from './commands/cli/environment.ts';
import { runHeadroom } from './commands/run.ts';
import { invocationOf } from './model/command-line.ts';

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
  words: hideBin(process.argv),
  invocation: invocationOf(process.argv[1] ?? ''),
  signal: interrupt.signal,
  exit: (code) => {
    process.exitCode = code;
  },
};

// A reader that closes the pipe early (`| head`) ends no run and changes no exit code.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// The first signal stops the run and still writes its report; a second one exits at once. Exit code: 128 + signal number, as in shells.
// npm and tsx forward a signal that the process group received already: within this time it counts as the same one.
const sameSignalMs = 500;
let signalledMs = Number.NEGATIVE_INFINITY;
for (const [name, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.on(name, () => {
    if (interrupt.signal.aborted && performance.now() - signalledMs > sameSignalMs) process.exit(code);
    if (interrupt.signal.aborted) return;
    signalledMs = performance.now();
    interrupt.abort({ status: 'interrupted', reason: `stopped by ${name}`, exitCode: code });
  });
}

await runHeadroom(context);
