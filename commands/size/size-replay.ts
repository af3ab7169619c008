// The flags of `headroom size replay`: CPU credits only, period by period.

import { parseJson } from '../../loadtest/profiles/json-file.ts';
import { creditModeOf, findBurstableType } from '../../model/catalogue/instance-catalogue.ts';
import { parseTrace, replayCredits, type TracePeriod } from '../../model/credits/credit-replay.ts';
import { readRecorded } from '../../model/recorded/read-recorded.ts';
import type { ReadOptions, RecordedFile } from '../../model/recorded/recorded-file.ts';
import { UserError } from '../../model/user-error.ts';
import { wrapLines } from '../../reports/format/wrap.ts';
import { renderReplay } from '../../reports/messages/replay-text.ts';
import { findCpu, traceOf } from '../../reports/recorded/cpu-record.ts';
import type { CommandContext, InputContext } from '../cli/context.ts';
import { defineCommand, inGroup, numberFlag, textFlag } from '../cli/flags.ts';
import { findInputFiles } from '../cli/input-files.ts';
import { readInputText } from '../cli/input-text.ts';
import { nameInput, recordedFlags } from '../cli/recorded-files.ts';
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
export function sizeReplayCommand(context: CommandContext) {
  const { stdout, columns, exit } = context;
  return defineCommand({
    command: 'replay',
    describe: 'Replay a trace of CPU use against the CPU credits of a type.',
    flags,
    handler: async (argv) => {
      const type = findBurstableType(argv.instance, readCatalogue(argv.types));
      const mode = creditModeOf(type, argv.mode) ?? 'standard';
      if (argv.mode !== undefined && argv.mode !== mode)
        throw new UserError(`${type.instanceType} has no unlimited mode. Remove --mode`);
      if (argv.ramp !== undefined && mode === 'unlimited')
        throw new UserError('--ramp is about throttling, which unlimited mode does not have: add --mode standard');
      const { trace, notes } = await readTrace(argv.trace, context, { ...argv, vcpus: type.vcpus });
      const replay = replayCredits(type, trace, {
        mode,
        start: chooseStart(argv.start),
        ...(argv.ramp !== undefined && { rampBelowCredits: argv.ramp }),
      });
      if (argv.json) stdout.write(`${JSON.stringify({ ...replay, ...(notes.length > 0 && { notes }) })}\n`);
      else if (!argv.quiet) {
        const text = [renderReplay(replay), ...notes.map((note) => `note: ${note.text}`)].join('\n');
        stdout.write(`${wrapLines(text, columns)}\n`);
      }
      exit(0);
    },
  });
}

/** The trace of a replay: a list of periods, or recorded CPU. Throws a UserError that names the file and the line or period. */
async function readTrace(
  path: string,
  inputs: InputContext,
  options: ReadOptions,
): Promise<{ readonly trace: readonly TracePeriod[]; readonly notes: RecordedFile['notes'] }> {
  const [place = path] = findInputFiles([path], 'trace', 'cpu-*.json');
  const text = await readInputText(place, inputs);
  const name = nameInput(place);
  if (text.trimStart().startsWith('[')) return { trace: parseTrace(parseJson(text, name), name), notes: [] };
  const file = readRecorded(text, name, options);
  const record = findCpu([file]);
  if (record.statistic === 'max')
    throw new UserError(
      `${name} has only the maxima of each period, which are more than what was used. Add averages: --statistics Average, or avg: in a query`,
    );
  return { trace: traceOf(record, name), notes: file.notes };
}
