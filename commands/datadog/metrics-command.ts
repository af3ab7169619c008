// `headroom metrics`: host metrics from Datadog.
import type { CommandModule } from 'yargs';
import type { CommandContext } from '../cli/context.ts';
import { describeUsage, subcommands } from '../cli/flags.ts';
import { pullCommand } from './metrics-pull.ts';

/** The command for yargs. */
export function metricsCommand(context: CommandContext): CommandModule {
  const { invocation } = context;
  const help = { args: '<command> [flags]', about: 'Pulls host metrics from Datadog.' };
  return {
    command: 'metrics',
    describe: 'Pull host metrics from Datadog.',
    builder: (yargs) =>
      subcommands(describeUsage(yargs, invocation, 'metrics', help), invocation, 'metrics', [pullCommand(context)])
        .strictCommands()
        .demandCommand(1, 'give a command: metrics pull'),
    handler: () => {},
  };
}
