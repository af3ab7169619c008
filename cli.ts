#!/usr/bin/env node
// The `headroom` command: reads the command line and the environment, and sets the exit code.
import { isatty } from 'node:tty';
import yargs, { type Argv } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { describeMistake, type Known } from './commands/cli/command-line-mistake.ts';
import type { CommandContext } from './commands/cli/context.ts';
import { ownVersion } from './commands/cli/machine.ts';
import { refuseRepeated } from './commands/cli/repeated-flag.ts';
import { refuseSwitchValue } from './commands/cli/switch-value.ts';
import { metricsCommand } from './commands/datadog/metrics-command.ts';
import { monitorsCommand } from './commands/datadog/monitors-command.ts';
import { reportCommand } from './commands/report/report-command.ts';
import { sizeCommand } from './commands/size/size-command.ts';
import { stressCommand } from './commands/stress/stress-command.ts';
import { invocationOf } from './model/command-line.ts';
import { NoVerdictError, UserError } from './model/user-error.ts';

const interrupt = new AbortController();
const context: CommandContext = {
  environment: process.env,
  // Opened on first use.
  get stdin() {
    return process.stdin;
  },
  stdout: process.stdout,
  stderr: process.stderr,
  live: process.stderr.isTTY === true,
  interactive: isatty(0) && isatty(2),
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

try {
  const commandLine = yargs(context.words);
  skipCachedHelp(commandLine);
  await commandLine
    // The list of commands needs no prefix: each usage line says how to start one.
    .scriptName('')
    // describeMistake reads yargs' English messages.
    .locale('en')
    // All other flags stand under headings of their own.
    .updateStrings({ 'Options:': 'Help:' })
    .usage(
      `${startOf(context.invocation)}\n\nMeasures whether a web app fits a smaller EC2 instance type, and reports the evidence.`,
    )
    .command(stressCommand(context))
    .command(reportCommand(context))
    .command(sizeCommand(context))
    .command(monitorsCommand(context))
    .command(metricsCommand(context))
    .demandCommand(1, 'give a command: stress, report, size, monitors or metrics (see --help)')
    .strict()
    .check(refuseRepeated)
    .check((_, options) => refuseSwitchValue(context.words, options))
    .help('help', 'Show this help.')
    .version('version', 'Show the version.', ownVersion())
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .exitProcess(false)
    .fail((message, error) => {
      // For a flag without a value yargs throws its own error; all others are ours.
      if (error && error.name !== 'YError') throw error;
      const said = message ?? error?.message ?? 'invalid command line';
      throw new UserError(
        `${describeMistake(said, context.words, knownWords(commandLine)).replace(/ \(see --help\)$/, '')} (see --help)`,
      );
    })
    .parseAsync();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  const exitCode = error instanceof NoVerdictError ? 4 : 2;
  process.stderr.write(`headroom: ${error.message}\n`);
  if (context.words.includes('--json')) process.stdout.write(`${JSON.stringify({ error: error.message, exitCode })}\n`);
  process.exitCode = exitCode;
}

/** Methods that yargs' public types lack. */
type Inner = {
  getOptions(): { readonly key: object };
  getInternalMethods(): {
    getUsageInstance(): { cacheHelpMessage(): void };
    getCommandInstance(): { getCommands(): string[] };
  };
};

/** The flags and subcommands of the command that was given. */
function knownWords(commandLine: Argv): Known {
  const inner = commandLine as unknown as Inner;
  return {
    flags: Object.keys(inner.getOptions().key),
    commands: inner.getInternalMethods.call(commandLine).getCommandInstance().getCommands(),
  };
}

/** Before a handler runs, yargs renders the help in case it fails, which takes 0.1 s; we print one sentence then. --help still works. */
function skipCachedHelp(commandLine: Argv): void {
  const { getInternalMethods } = commandLine as unknown as Inner;
  getInternalMethods.call(commandLine).getUsageInstance().cacheHelpMessage = () => {};
}

function startOf(invocation: CommandContext['invocation']): string {
  return invocation === 'npm run' ? 'npm run <command> -- [flags]' : `${invocation} <command> [flags]`;
}
