// `headroom size`: the verdict from a measured run or from recorded CPU, and the credits alone.
import type { CommandModule } from 'yargs';
import type { CommandContext } from '../cli/context.ts';
import { describeUsage, type Example, subcommands } from '../cli/flags.ts';
import { sizeHistoryCommand } from './size-history.ts';
import { sizeReplayCommand } from './size-replay.ts';
import { sizeRunCommand } from './size-run.ts';

/** One for each heading. */
const examples: readonly Example[] = [
  [['runs/ID', '--daily', '500000'], 'Size for a daily number of requests.'],
  [['runs/ID', '--daily', '500000', '--builds', '20'], 'Workload: add 20 CI builds a day.'],
  [['runs/ID', '--mode', 'unlimited'], 'CPU credits: judge unlimited mode.'],
  [['runs/ID', '--types', 'prices.json'], 'Data: use your own types and prices.'],
  [['history', 'cpu.json', '--of', 't2.medium'], 'Without a run: judge recorded CPU.'],
  [['runs/ID', '--json'], 'Output: print the verdicts as JSON.'],
];

const help = {
  args: '<run> [flags]',
  about: 'Judges which instance types fit the workload, from a measured run.',
  examples,
};

/** The command for yargs. */
export function sizeCommand(context: CommandContext): CommandModule {
  return {
    command: 'size',
    describe: 'Judge instance types from a measured run or recorded CPU, or replay CPU credits.',
    builder: (yargs) =>
      subcommands(describeUsage(yargs, context.invocation, 'size', help), context.invocation, 'size', [
        sizeHistoryCommand(context),
        sizeReplayCommand(context),
      ]).command(sizeRunCommand(context)),
    handler: () => {},
  };
}
