// `headroom metrics pull`: host metrics from Datadog, to a file or to stdout.
import type { Argv, CommandModule } from 'yargs';
import type { CommandContext } from '../cli/context.ts';
import { inGroup, outputFlags } from '../cli/flags.ts';
import { reserveFile } from '../cli/reserve-file.ts';
import { withDatadog } from './datadog-account.ts';
import { checkHost, hostFlag } from './monitor-flags.ts';

const flags = (yargs: Argv) =>
  yargs.options({
    ...inGroup('Start here', {
      host: { ...hostFlag, demandOption: true },
      from: { type: 'string', requiresArg: true, demandOption: true, describe: 'Start, like 2026-01-31T12:00:00Z.' },
      to: { type: 'string', requiresArg: true, demandOption: true, describe: 'End, not in the future.' },
      metric: {
        type: 'string',
        array: true,
        requiresArg: true,
        nargs: 1,
        describe:
          "Metric query, like 'max:system.cpu.user{host:i-0abc}' (repeatable; default: CPU, load, memory, credits).",
      },
      out: { type: 'string', requiresArg: true, describe: 'File to write (default: stdout).' },
    }),
    ...outputFlags,
  });
type Flags = Awaited<ReturnType<typeof flags>['argv']>;

/** The command for yargs. */
export function pullCommand(context: CommandContext): CommandModule<object, Flags> {
  const { stdout, stderr, exit } = context;
  return {
    command: 'pull',
    describe: 'Pull CPU, load, memory and credits of a host, with true peaks.',
    builder: flags as unknown as (yargs: Argv<object>) => Argv<Flags>,
    handler: async (argv) => {
      const { from, to, metric: queries } = argv;
      const host = checkHost(argv.host);
      const file = argv.out === undefined ? undefined : reserveFile(argv.out);
      const { pullMetrics } = await import('../../monitors/datadog/pull.ts');
      await withDatadog(context, argv, async ({ datadog, clock, say }) => {
        const window = { datadog, host, from, to, clock, ...(queries && { queries }) };
        const { document, text, exitCode } = await pullMetrics({ ...window, onProgress: say });
        const json = `${JSON.stringify(document)}\n`;
        file?.write(json);
        // Without a file the document is the result, and the text goes to stderr.
        const toStdout = argv.json || file === undefined;
        if (toStdout) stdout.write(json);
        if (!argv.quiet) (toStdout ? stderr : stdout).write(`${text}\n${file ? `Written to ${argv.out}\n` : ''}`);
        exit(exitCode);
      });
    },
  };
}
