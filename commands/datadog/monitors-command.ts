// `headroom monitors`: Datadog monitors as code, and tests that they fire.
import type { CommandModule } from 'yargs';
import type { CommandContext } from '../cli/context.ts';
import { describeUsage, subcommand } from '../cli/flags.ts';
import { backtestCommand } from './monitors-backtest.ts';
import { drillCommand } from './monitors-drill.ts';
import { applyCommand, destroyCommand, listCommand, planCommand } from './monitors-manage.ts';

/** The command for yargs. */
export function monitorsCommand(context: CommandContext): CommandModule {
  return {
    command: 'monitors',
    describe: 'Manage Datadog monitors as code, and prove that they fire.',
    builder: (yargs) =>
      describeUsage(yargs, context.invocation, 'monitors', {
        args: '<command> [flags]',
        about: 'Manages Datadog monitors as code, and proves that they fire.',
        examples: [
          [['plan', '--host', 'i-0abc'], 'Show what apply would change.'],
          [['backtest', 'runs/ID'], 'Evaluate the monitors over a run; needs no Datadog account.'],
        ],
      })
        .command(subcommand(context.invocation, 'monitors', planCommand(context)))
        .command(subcommand(context.invocation, 'monitors', applyCommand(context)))
        .command(subcommand(context.invocation, 'monitors', destroyCommand(context)))
        .command(subcommand(context.invocation, 'monitors', drillCommand(context)))
        .command(subcommand(context.invocation, 'monitors', backtestCommand(context)))
        .command(subcommand(context.invocation, 'monitors', listCommand(context)))
        .strictCommands()
        .demandCommand(1, 'give a command: monitors plan, apply, destroy, drill, backtest or list'),
    handler: () => {},
  };
}
