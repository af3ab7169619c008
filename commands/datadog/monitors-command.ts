// `headroom monitors`: Datadog monitors as code, and tests that they fire.
import type { CommandModule } from 'yargs';
import type { CommandContext } from '../cli/context.ts';
import { describeUsage, subcommands } from '../cli/flags.ts';
import { backtestCommand } from './monitors-backtest.ts';
import { drillCommand } from './monitors-drill.ts';
import { exportCommand } from './monitors-export.ts';
import { applyCommand, destroyCommand, listCommand, planCommand } from './monitors-manage.ts';

const commands = [planCommand, applyCommand, destroyCommand, drillCommand, backtestCommand, listCommand, exportCommand];

/** The command for yargs. */
export function monitorsCommand(context: CommandContext): CommandModule {
  const { invocation } = context;
  const help = {
    args: '<command> [flags]',
    about: 'Manages Datadog monitors as code, and proves that they fire.',
    examples: [
      [['plan', '--host', 'i-0abc'], 'Show what apply would change.'],
      [['backtest', 'runs/ID'], 'Evaluate the monitors over a run; needs no Datadog account.'],
    ],
  } as const;
  const modules = commands.map((command) => command(context));
  return {
    command: 'monitors',
    describe: 'Manage Datadog monitors as code, and prove that they fire.',
    builder: (yargs) =>
      subcommands(describeUsage(yargs, invocation, 'monitors', help), invocation, 'monitors', modules)
        .strictCommands()
        .demandCommand(1, 'give a command: monitors plan, apply, destroy, drill, backtest, list or export'),
    handler: () => {},
  };
}
