// `headroom monitors`: Datadog monitors as code, and the proof that they fire.
import type { CommandModule } from 'yargs';
import type { Surroundings } from '../cli/context.ts';
import { backtestCommand } from './monitors-backtest.ts';
import { drillCommand } from './monitors-drill.ts';
import { applyCommand, destroyCommand, listCommand, planCommand } from './monitors-manage.ts';

/** The command for yargs. */
export function monitorsCommand(surroundings: Surroundings): CommandModule {
  return {
    command: 'monitors',
    describe: 'Datadog monitors as code: plan, apply, destroy, list; drill and backtest prove that they fire',
    builder: (yargs) =>
      yargs
        .command(planCommand(surroundings))
        .command(applyCommand(surroundings))
        .command(destroyCommand(surroundings))
        .command(drillCommand(surroundings))
        .command(backtestCommand(surroundings))
        .command(listCommand(surroundings))
        .strictCommands()
        .demandCommand(1, 'say what to do with the monitors: plan, apply, destroy, drill, backtest or list'),
    handler: () => {},
  };
}
