// `headroom size`: the verdict from a measured run, and the credits alone.
import type { CommandModule } from 'yargs';
import type { Surroundings } from '../cli/context.ts';
import { sizeReplayCommand } from './size-replay.ts';
import { sizeRunCommand } from './size-run.ts';

/** The command for yargs. */
export function sizeCommand(surroundings: Surroundings): CommandModule {
  return {
    command: 'size',
    describe: 'which instance type fits: a verdict from a measured run, or CPU credits alone (size replay)',
    builder: (yargs) => yargs.command(sizeReplayCommand(surroundings)).command(sizeRunCommand(surroundings)),
    handler: () => {},
  };
}
