// The flags of `headroom size history`: a first verdict from recorded CPU, without any load.
import { parseCreditStart } from '../../model/credit-lifecycle.ts';
import { defaultTypes, findInstanceType, findInstanceTypes } from '../../model/instance-catalogue.ts';
import { UserError } from '../../model/user-error.ts';
import { renderRecordSizing } from '../../reports/messages/recorded-text.ts';
import { sizeRecord } from '../../reports/recorded/size-record.ts';
import type { CommandContext } from '../cli/context.ts';
import { defineCommand, inGroup, textFlag } from '../cli/flags.ts';
import { printAnswer } from '../cli/print-answer.ts';
import { readRecordedFiles, recordedFlags } from './recorded-flags.ts';
import { modeFlag, readCatalogue, startFlag, typesFlag } from './size-input.ts';

const words = {
  files: {
    type: 'string',
    array: true,
    describe: 'Recorded CPU: CloudWatch, Datadog, Prometheus, sar, sadf, metrics pull, CSV.',
  },
} as const;
const flags = {
  ...inGroup('Start here', {
    of: textFlag('Instance type that was recorded, like t2.medium.'),
    on: { ...textFlag('Instance types to judge, separated by commas.'), default: defaultTypes.join() },
  }),
  ...inGroup('Record', {
    from: textFlag('Start, like 2026-01-31T12:00:00Z (default: all).'),
    to: textFlag('End (default: all).'),
    memory: textFlag('File with the recorded use of memory, in bytes or percent.'),
    ...recordedFlags,
  }),
  ...inGroup('CPU credits', { mode: modeFlag, start: startFlag }),
  ...inGroup('Data', { types: typesFlag }),
};

/** The command for yargs. */
export function sizeHistoryCommand(context: CommandContext) {
  return defineCommand({
    command: 'history [files..]',
    describe: 'Judge instance types from recorded CPU, without any load.',
    words,
    flags,
    handler: (argv) => {
      const catalogue = readCatalogue(argv.types);
      const types = findInstanceTypes('--on', argv.on, catalogue);
      const files = readRecordedFiles(argv.files ?? [], argv);
      const of = argv.of ?? files.find(({ instanceType }) => instanceType)?.instanceType;
      if (of === undefined) throw new UserError('name the instance type that was recorded, like --of t2.medium');
      const sizing = sizeRecord(
        [...files, ...(argv.memory === undefined ? [] : readRecordedFiles([argv.memory], argv, 'memory'))],
        {
          of: findInstanceType(of, catalogue),
          types,
          fromMs: parseTime('--from', argv.from),
          toMs: parseTime('--to', argv.to),
          start: parseCreditStart(argv.start, '--start'),
          mode: argv.mode,
        },
      );
      const document = { ...sizing, instances: sizing.instances.map(({ curve: _, ...each }) => each) };
      printAnswer(context, argv, { document, text: renderRecordSizing(sizing, context) });
    },
  });
}

function parseTime(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(/^\d{4}-\d\d-\d\d$|Z$|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(ms)) throw new UserError(`${flag} ${text} is not a time. Use a form like 2026-01-31T12:00:00Z`);
  return ms;
}
