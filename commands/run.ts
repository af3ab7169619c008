// The whole command line of headroom: its commands, one sentence for a mistake, and the exit code.
import yargs, { type Argv } from 'yargs';
import { NoVerdictError, StoppedError, UserError } from '../model/user-error.ts';
import { plainText } from '../reports/format/plain-text.ts';
import { describeMistake, type Known } from './cli/command-line-mistake.ts';
import type { CommandContext } from './cli/context.ts';
import { checkFlagValues } from './cli/flag-values.ts';
import { ownVersion } from './cli/machine.ts';
import { metricsCommand } from './datadog/metrics-command.ts';
import { monitorsCommand } from './datadog/monitors-command.ts';
import { reportCommand } from './report/report-command.ts';
import { sizeCommand } from './size/size-command.ts';
import { stressCommand } from './stress/stress-command.ts';

/** Runs what the words of the context ask for; resolves when it has ended and the exit code is set. A bug rejects. */
export async function runHeadroom(context: CommandContext): Promise<void> {
  try {
    const commandLine = yargs(withStdin(context.words));
    changeHelp(commandLine);
    await commandLine
      // The list of commands needs no prefix: each usage line says how to start one.
      .scriptName('')
      // describeMistake reads yargs' English messages.
      .locale('en')
      // All other flags stand under headings of their own.
      .updateStrings({ 'Options:': 'Help:' })
      .usage(
        `${startOf(context.invocation)}\n\nMeasures whether a web app fits a smaller EC2 instance type, and reports the evidence.${context.invocation === 'npm run' ? '' : `\n${context.invocation} URL is short for ${context.invocation} stress --target URL --profile smoke.`}`,
      )
      .command(stressCommand(context))
      .command(reportCommand(context))
      .command(sizeCommand(context))
      .command(monitorsCommand(context))
      .command(metricsCommand(context))
      .demandCommand(1, 'give a command: stress, report, size, monitors or metrics (see --help)')
      .strict()
      .check((argv, options) => checkFlagValues(argv, options, context.words))
      .help('help', 'Show this help.')
      .version('version', 'Show the version.', ownVersion())
      .wrap(Math.min(110, context.columns ?? 110))
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
    const exitCode = exitCodeOf(error);
    // Names in it may come from a file of anybody's.
    context.stderr.write(`headroom: ${plainText(error.message)}\n`);
    if (context.words.includes('--json'))
      context.stdout.write(`${JSON.stringify({ error: error.message, exitCode })}\n`);
    context.exit(exitCode);
  }
}

function exitCodeOf(error: UserError): number {
  if (error instanceof StoppedError) return error.exitCode;
  return error instanceof NoVerdictError ? 4 : 2;
}

/** yargs takes a lone - for a flag without a name, among the words of a command and behind a flag that can be repeated. */
function withStdin(words: readonly string[]): readonly string[] {
  const readsFiles = /^(size history|monitors backtest)$/.test(words.slice(0, 2).join(' '));
  const isFile = (place: number) => readsFiles || /^--(?:traffic|replay)$/.test(words[place - 1] ?? '');
  return words.map((word, place) => (word === '-' && isFile(place) ? '/dev/stdin' : word));
}

/** Methods that yargs' public types lack. */
type Inner = {
  getOptions(): { readonly key: object };
  getInternalMethods(): {
    getUsageInstance(): { cacheHelpMessage(): void; help(): string };
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

/**
 * Before a handler runs, yargs renders the help in case it fails, which takes 0.1 s; we print one sentence then. --help still works, and does
 * not say of a list that it is empty at first.
 */
function changeHelp(commandLine: Argv): void {
  const { getInternalMethods } = commandLine as unknown as Inner;
  const usage = getInternalMethods.call(commandLine).getUsageInstance();
  const help = usage.help;
  usage.cacheHelpMessage = () => {};
  usage.help = () => help().replaceAll(' [default: []]', '');
}

function startOf(invocation: CommandContext['invocation']): string {
  return invocation === 'npm run' ? 'npm run <command> -- [flags]' : `${invocation} <command> [flags]`;
}
