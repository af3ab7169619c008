// The flags of `headroom size replay`: CPU credits only, period by period.

import { creditModeOf, findBurstableType } from '../../model/catalogue/instance-catalogue.ts';
import { replayCredits } from '../../model/credits/credit-replay.ts';
import { UserError } from '../../model/user-error.ts';
import { renderReplay } from '../../reports/messages/replay-text.ts';
import type { CommandContext } from '../cli/context.ts';
import { defineCommand, inGroup, numberFlag, textFlag } from '../cli/flags.ts';
import { readTrace, recordedFlags } from './recorded-flags.ts';
import { chooseStart, modeFlag, readCatalogue, startFlag, typesFlag } from './size-input.ts';

const flags = {
  ...inGroup('Start here', {
    instance: { ...textFlag('Burstable type, like t2.micro.'), demandOption: true },
    trace: {
      ...textFlag(
        'CPU in percent of all vCPUs: [{"hours": 1, "cpuUtilizationPercent": 20}, ...], or a file as for history.',
      ),
      demandOption: true,
    },
  }),
  ...inGroup('CPU credits', {
    mode: modeFlag,
    start: startFlag,
    ramp: numberFlag('Reduce CPU gradually below this credit balance (default: at once, at zero).'),
  }),
  ...inGroup('Data', { ...recordedFlags, types: typesFlag }),
};

/** The command for yargs. */
export function sizeReplayCommand({ stdout, exit }: CommandContext) {
  return defineCommand({
    command: 'replay',
    describe: 'Replay a trace of CPU use against the CPU credits of a type.',
    flags,
    handler: (argv) => {
      const type = findBurstableType(argv.instance, readCatalogue(argv.types));
      if (argv.ramp !== undefined && !Number.isFinite(argv.ramp)) throw new UserError('--ramp must be a number');
      const mode = creditModeOf(type, argv.mode) ?? 'standard';
      if (argv.mode !== undefined && argv.mode !== mode)
        throw new UserError(`${type.instanceType} has no unlimited mode. Remove --mode`);
      if (argv.ramp !== undefined && mode === 'unlimited')
        throw new UserError('--ramp is about throttling, which unlimited mode does not have: add --mode standard');
      const replay = replayCredits(type, readTrace(argv.trace, { ...argv, vcpus: type.vcpus }), {
        mode,
        start: chooseStart(argv.start),
        ...(argv.ramp !== undefined && { rampBelowCredits: argv.ramp }),
      });
      if (argv.json) stdout.write(`${JSON.stringify(replay)}\n`);
      else if (!argv.quiet) stdout.write(`${renderReplay(replay)}\n`);
      exit(0);
    },
  });
}
