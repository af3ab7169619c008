// The flags of `headroom size replay`: CPU credits only, period by period.
import type { Argv, CommandModule } from 'yargs';
import { readJsonFile } from '../../loadtest/profiles/json-file.ts';
import { parseCreditStart } from '../../model/credit-lifecycle.ts';
import { parseTrace, replayCredits } from '../../model/credit-replay.ts';
import { findBurstableType } from '../../model/instance-catalogue.ts';
import { UserError } from '../../model/user-error.ts';
import { renderReplay } from '../../reports/messages/replay-text.ts';
import type { CommandContext } from '../cli/context.ts';
import { inGroup, outputFlags } from '../cli/flags.ts';
import { readCatalogue, startFlag, typesFlag } from './size-input.ts';

const flagGroups = {
  ...inGroup('Start here', {
    instance: { type: 'string', requiresArg: true, demandOption: true, describe: 'Burstable type, like t2.micro.' },
    trace: {
      type: 'string',
      requiresArg: true,
      demandOption: true,
      describe: 'JSON file: [{"hours": 1, "cpuUtilizationPercent": 20}, ...], in percent of all vCPUs.',
    },
  }),
  ...inGroup('CPU credits', {
    mode: {
      choices: ['standard', 'unlimited'] as const,
      requiresArg: true,
      describe: 'Credit mode (default: that of the type).',
    },
    start: startFlag,
    ramp: {
      type: 'number',
      requiresArg: true,
      describe: 'Reduce CPU gradually below this credit balance (default: at once, at zero).',
    },
  }),
  ...inGroup('Data', { types: typesFlag }),
  ...outputFlags,
};

const flags = (yargs: Argv) => yargs.options(flagGroups);

type Flags = Awaited<ReturnType<typeof flags>['argv']>;

/** The command for yargs. */
export function sizeReplayCommand({ stdout, exit }: CommandContext): CommandModule<object, Flags> {
  return {
    command: 'replay',
    describe: 'Replay a trace of CPU use against the CPU credits of a type.',
    builder: flags as unknown as (yargs: Argv<object>) => Argv<Flags>,
    handler: (argv) => {
      const type = findBurstableType(argv.instance, readCatalogue(argv.types));
      if (argv.ramp !== undefined && !Number.isFinite(argv.ramp)) throw new UserError('--ramp must be a number');
      const replay = replayCredits(type, parseTrace(readJsonFile(argv.trace), argv.trace), {
        mode: argv.mode ?? type.credits.defaultMode,
        start: parseCreditStart(argv.start, '--start'),
        ...(argv.ramp !== undefined && { rampBelowCredits: argv.ramp }),
      });
      if (argv.json) stdout.write(`${JSON.stringify(replay)}\n`);
      else if (!argv.quiet) stdout.write(`${renderReplay(replay)}\n`);
      exit(0);
    },
  };
}
