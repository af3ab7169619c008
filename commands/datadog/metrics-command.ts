// `headroom metrics`: host metrics from Datadog.
import type { CommandModule } from 'yargs';
import type { CommandContext } from '../cli/context.ts';
import { describeUsage, subcommand } from '../cli/flags.ts';
import { pullCommand } from './metrics-pull.ts';

/** The command for yargs. */
export function metricsCommand(context: CommandContext): CommandModule {
  return {
    command: 'metrics',
    describe: 'Pull host metrics from Datadog.',
    builder: (yargs) =>
      describeUsage(yargs, context.invocation, 'metrics', {
        args: '<command> [flags]',
        about: 'Pulls host metrics from Datadog.',
      })
        .command(subcommand(context.invocation, 'metrics', pullCommand(context)))
        .strictCommands()
        .demandCommand(1, 'give a command: metrics pull'),
    handler: () => {},
  };
}
