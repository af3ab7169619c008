// `headroom metrics pull`: host metrics from Datadog, to a file or to stdout.
import type { CommandContext } from '../cli/context.ts';
import { defineCommand, inGroup, listFlag, textFlag } from '../cli/flags.ts';
import { reserveFile } from '../cli/reserve-file.ts';
import { withDatadog } from './datadog-account.ts';
import { checkHost, hostFlag } from './monitor-flags.ts';

const flags = inGroup('Start here', {
  host: { ...hostFlag, demandOption: true },
  from: { ...textFlag('Start, like 2026-01-31T12:00:00Z.'), demandOption: true },
  to: { ...textFlag('End, not in the future.'), demandOption: true },
  metric: listFlag(
    "Metric query, like 'max:system.cpu.user{host:i-0abc}' (repeatable; default: CPU, load, memory, credits).",
  ),
  out: textFlag('File to write (default: stdout).'),
});

/** The command for yargs. */
export function pullCommand(context: CommandContext) {
  const { stdout, stderr, exit } = context;
  return defineCommand({
    command: 'pull',
    describe: 'Pull CPU, load, memory and credits of a host, with true peaks.',
    flags,
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
  });
}
