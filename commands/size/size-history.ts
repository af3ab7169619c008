// The flags of `headroom size history`: a first verdict from recorded CPU, without any load.
import type { Argv, CommandModule } from 'yargs';
import { parseCreditStart } from '../../model/credit-lifecycle.ts';
import { defaultTypes, findInstanceType, findInstanceTypes } from '../../model/instance-catalogue.ts';
import { UserError } from '../../model/user-error.ts';
import { renderRecordSizing } from '../../reports/messages/recorded-text.ts';
import { sizeRecord } from '../../reports/recorded/size-record.ts';
import type { CommandContext } from '../cli/context.ts';
import { inGroup, outputFlags } from '../cli/flags.ts';
import { printAnswer } from '../cli/print-answer.ts';
import { readRecordedFiles, recordedFlags } from './recorded-flags.ts';
import { readCatalogue, startFlag, typesFlag } from './size-input.ts';

const flagGroups = {
  ...inGroup('Start here', {
    of: { type: 'string', requiresArg: true, describe: 'Instance type that was recorded, like t2.medium.' },
    on: {
      type: 'string',
      requiresArg: true,
      default: defaultTypes.join(),
      describe: 'Instance types to judge, separated by commas.',
    },
  }),
  ...inGroup('Record', {
    from: { type: 'string', requiresArg: true, describe: 'Start, like 2026-01-31T12:00:00Z (default: all).' },
    to: { type: 'string', requiresArg: true, describe: 'End (default: all).' },
    memory: {
      type: 'string',
      requiresArg: true,
      describe: 'File with the recorded use of memory, in bytes or percent.',
    },
    ...recordedFlags,
  }),
  ...inGroup('CPU credits', {
    mode: {
      choices: ['standard', 'unlimited'] as const,
      requiresArg: true,
      describe: 'Credit mode (default: that of each type).',
    },
    start: startFlag,
  }),
  ...inGroup('Data', { types: typesFlag }),
  ...outputFlags,
};

const flags = (yargs: Argv) =>
  yargs
    .positional('files', {
      type: 'string',
      array: true,
      describe: 'Recorded CPU: CloudWatch, Datadog, Prometheus, sar, sadf, metrics pull, CSV.',
    })
    .options(flagGroups);

type Flags = Awaited<ReturnType<typeof flags>['argv']>;

/** The command for yargs. */
export function sizeHistoryCommand(context: CommandContext): CommandModule<object, Flags> {
  return {
    command: 'history [files..]',
    describe: 'Judge instance types from recorded CPU, without any load.',
    builder: flags as unknown as (yargs: Argv<object>) => Argv<Flags>,
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
  };
}

function parseTime(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const ms = Date.parse(/^\d{4}-\d\d-\d\d$|Z$|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`);
  if (Number.isNaN(ms)) throw new UserError(`${flag} ${text} is not a time. Use a form like 2026-01-31T12:00:00Z`);
  return ms;
}
