// `headroom metrics`: figures out of Datadog.
import type { CommandModule } from 'yargs';
import type { Surroundings } from '../cli/context.ts';
import { pullCommand } from './metrics-pull.ts';

/** The command for yargs. */
export function metricsCommand(surroundings: Surroundings): CommandModule {
  return {
    command: 'metrics',
    describe: 'CPU and load out of Datadog: pull',
    builder: (yargs) =>
      yargs
        .command(pullCommand(surroundings))
        .strictCommands()
        .demandCommand(1, 'say what to do with the metrics: pull'),
    handler: () => {},
  };
}
