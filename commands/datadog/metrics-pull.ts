// `headroom metrics pull`: CPU and load of a host out of Datadog, into a file or to stdout.
import type { Argv, CommandModule } from 'yargs';
import type { Surroundings } from '../cli/context.ts';
import { reserveFile } from '../cli/reserve-file.ts';
import { withDatadog } from './datadog-account.ts';
import { checkHost, hostFlag, outputFlags } from './monitor-flags.ts';

const flags = (yargs: Argv) =>
  yargs.options({
    host: { ...hostFlag, demandOption: true },
    from: { type: 'string', requiresArg: true, demandOption: true, describe: 'begin, like 2026-01-31T12:00:00Z' },
    to: { type: 'string', requiresArg: true, demandOption: true, describe: 'end, not in the future' },
    metric: {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      describe:
        "a query of one's own, like 'max:system.cpu.user{host:i-0abc}' (repeatable; default: CPU, load, memory, credits)",
    },
    out: { type: 'string', requiresArg: true, describe: 'the file to write (default: stdout)' },
    ...outputFlags,
  });
type Flags = Awaited<ReturnType<typeof flags>['argv']>;

/** The command for yargs. */
export function pullCommand(surroundings: Surroundings): CommandModule<object, Flags> {
  const { stdout, stderr, exit } = surroundings;
  return {
    command: 'pull',
    describe: 'CPU, load, memory and credits of a host, with real peaks, into a file or to stdout',
    builder: flags as unknown as (yargs: Argv<object>) => Argv<Flags>,
    handler: async (argv) => {
      const { from, to, metric: queries } = argv;
      const host = checkHost(argv.host);
      const file = argv.out === undefined ? undefined : reserveFile(argv.out);
      const { pullMetrics } = await import('../../monitors/datadog/pull.ts');
      await withDatadog(surroundings, argv, async ({ datadog, clock, say }) => {
        const window = { datadog, host, from, to, clock, ...(queries && { queries }) };
        const { document, text, exitCode } = await pullMetrics({ ...window, onProgress: say });
        const json = `${JSON.stringify(document)}\n`;
        file?.write(json);
        // Without a file the document itself is the result, and what is said about it is talk.
        const toStdout = argv.json || file === undefined;
        if (toStdout) stdout.write(json);
        if (!argv.quiet) (toStdout ? stderr : stdout).write(`${text}\n${file ? `written to ${argv.out}\n` : ''}`);
        exit(exitCode);
      });
    },
  };
}
