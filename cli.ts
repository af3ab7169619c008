#!/usr/bin/env node
// The `headroom` command: reads the command line and the environment, sets the exit code, and nothing else.
import { isatty } from 'node:tty';
import yargs, { type Argv } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { describeMistake, type Known } from './commands/cli/command-line-mistake.ts';
import type { Surroundings } from './commands/cli/context.ts';
import { ownVersion } from './commands/cli/machine.ts';
import { refuseRepeated } from './commands/cli/repeated-flag.ts';
import { refuseSwitchValue } from './commands/cli/switch-value.ts';
import { metricsCommand } from './commands/datadog/metrics-command.ts';
import { monitorsCommand } from './commands/datadog/monitors-command.ts';
import { reportCommand } from './commands/report/report-command.ts';
import { sizeCommand } from './commands/size/size-command.ts';
import { stressCommand } from './commands/stress/stress-command.ts';
import { UserError } from './model/user-error.ts';

const interrupt = new AbortController();
const surroundings: Surroundings = {
  environment: process.env,
  // Opened only by who reads it.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  live: process.stderr.isTTY === true,
  interactive: isatty(0) && isatty(2),
  color: process.stdout.isTTY === true && !process.env.NO_COLOR,
  words: hideBin(process.argv),
  signal: interrupt.signal,
  exit: (code) => {
    process.exitCode = code;
  },
};

// Whoever read what is said may leave early (`| head`): that ends no run, and changes no exit code.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

// The first signal ends the run in order, with its report; a second one at once. 128 + the signal's number, as shells count.
// npm and tsx pass on what the whole process group has got already: what comes with the first one is that one again.
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

try {
  const commandLine = yargs(surroundings.words);
  leaveOutHelp(commandLine);
  await commandLine
    .scriptName('headroom')
    // Our own sentences are English, and what is made of yargs' depends on its words.
    .locale('en')
    .usage('$0 <command> [flags]\n\nTells, with evidence, whether a web app fits a smaller EC2 machine.')
    .command(stressCommand(surroundings))
    .command(reportCommand(surroundings))
    .command(sizeCommand(surroundings))
    .command(monitorsCommand(surroundings))
    .command(metricsCommand(surroundings))
    .demandCommand(1, 'say what to do: stress, report, size, monitors or metrics (see --help)')
    .strict()
    .check(refuseRepeated)
    .check((_, options) => refuseSwitchValue(surroundings.words, options))
    .version(ownVersion())
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .exitProcess(false)
    .fail((message, error) => {
      // yargs throws an error of its own for a flag without its value; ours come through as they are.
      if (error && error.name !== 'YError') throw error;
      const said = message ?? error?.message ?? 'the command line is not understood';
      throw new UserError(
        `${describeMistake(said, surroundings.words, knownWords(commandLine)).replace(/ \(see --help\)$/, '')} (see --help)`,
      );
    })
    .parseAsync();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`headroom: ${error.message}\n`);
  if (surroundings.words.includes('--json'))
    process.stdout.write(`${JSON.stringify({ error: error.message, exitCode: 2 })}\n`);
  process.exitCode = 2;
}

/** What yargs' public types leave out. */
type Inner = {
  getOptions(): { readonly key: object };
  getInternalMethods(): {
    getUsageInstance(): { cacheHelpMessage(): void };
    getCommandInstance(): { getCommands(): string[] };
  };
};

/** The flags and commands of the command that was reached. */
function knownWords(commandLine: Argv): Known {
  const inner = commandLine as unknown as Inner;
  return {
    flags: Object.keys(inner.getOptions().key),
    commands: inner.getInternalMethods.call(commandLine).getCommandInstance().getCommands(),
  };
}

/**
 * Of each command that runs, yargs draws the help, in case that its handler fails: a tenth of a second, and ours say one sentence then.
 * What --help prints is drawn elsewhere.
 */
function leaveOutHelp(commandLine: Argv): void {
  const { getInternalMethods } = commandLine as unknown as Inner;
  getInternalMethods.call(commandLine).getUsageInstance().cacheHelpMessage = () => {};
}
