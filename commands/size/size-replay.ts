// The flags of `headroom size replay`: CPU credits only, period by period.
import type { Argv, CommandModule } from 'yargs';
import { readJsonFile } from '../../loadtest/profiles/json-file.ts';
import { parseCreditStart } from '../../model/credit-lifecycle.ts';
import { parseTrace, replayCredits } from '../../model/credit-replay.ts';
import { findBurstableType } from '../../model/instance-catalogue.ts';
import { UserError } from '../../model/user-error.ts';
import { renderReplay } from '../../reports/messages/replay-text.ts';
import type { Surroundings } from '../cli/context.ts';
import { readCatalogue } from './size-input.ts';

const flags = (yargs: Argv) =>
  yargs
    .option('instance', { type: 'string', requiresArg: true, demandOption: true, describe: 'a type like t2.micro' })
    .option('trace', {
      type: 'string',
      requiresArg: true,
      demandOption: true,
      describe: 'a JSON file: [{"hours": 1, "cpuUtilizationPercent": 20}, ...], percent of all vCPUs together',
    })
    .option('mode', {
      choices: ['standard', 'unlimited'] as const,
      requiresArg: true,
      describe: "credit mode (default: the type's own)",
    })
    .option('start', {
      type: 'string',
      requiresArg: true,
      default: 'launch',
      describe: 'credits at the begin: launch, full, empty, or like launch=30,earned=12',
    })
    .option('ramp', {
      type: 'number',
      requiresArg: true,
      describe: 'lower the CPU gradually below this balance (default: at once, at zero)',
    })
    .option('types', { type: 'string', requiresArg: true, describe: 'a JSON file with own types and prices' })
    .option('json', { type: 'boolean', default: false, describe: 'one JSON document on stdout, all talk on stderr' })
    .option('quiet', { type: 'boolean', default: false, describe: 'print nothing but errors' });

type Flags = Awaited<ReturnType<typeof flags>['argv']>;

/** The command for yargs. */
export function sizeReplayCommand({ stdout, exit }: Surroundings): CommandModule<object, Flags> {
  return {
    command: 'replay',
    describe: 'what a known curve of CPU use does to the CPU credits of a type',
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
