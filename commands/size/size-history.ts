// The flags of `headroom size history`: a first verdict from recorded CPU, without any load.
import { join } from 'node:path';
import {
  type CreditMode,
  defaultTypes,
  findInstanceType,
  findInstanceTypes,
} from '../../model/catalogue/instance-catalogue.ts';
import { createTimeReader } from '../../model/recorded/point-time.ts';
import type { ReadOptions, RecordedFile } from '../../model/recorded/recorded-file.ts';
import { UserError } from '../../model/user-error.ts';
import { renderRecordSizing } from '../../reports/messages/recorded-text.ts';
import { makeRecordPage } from '../../reports/recorded/record-page.ts';
import { openRecord, sizeRecord } from '../../reports/recorded/size-record.ts';
import { writeRecordPage } from '../../reports/write.ts';
import type { CommandContext } from '../cli/context.ts';
import { defineCommand, inGroup, numberFlag, textFlag } from '../cli/flags.ts';
import { printAnswer } from '../cli/print-answer.ts';
import { readRecordedFiles, recordedFlags } from '../cli/recorded-files.ts';
import { withDatadog } from '../datadog/datadog-account.ts';
import { pullHistory } from './pull-history.ts';
import { chooseStart, modeFlag, readCatalogue, startFlag, typesFlag } from './size-input.ts';

const words = {
  files: {
    type: 'string',
    array: true,
    describe: 'Recorded CPU: CloudWatch, Datadog, Prometheus, InfluxDB, sar, sadf, metrics pull, CSV (- is stdin).',
  },
} as const;
const flags = {
  ...inGroup('Start here', {
    of: textFlag('Instance type that was recorded, like t2.medium.'),
    host: textFlag('Read this host from Datadog instead of files; needs DD_API_KEY and DD_APP_KEY.'),
    days: numberFlag('Days up to now that --host reads (default: 14).'),
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
  ...inGroup('Output', { out: { ...textFlag('Folder to write the page to.'), default: 'runs/history' } }),
};

/** The command for yargs. */
export function sizeHistoryCommand(context: CommandContext) {
  return defineCommand({
    command: 'history [files..]',
    describe: 'Judge instance types from recorded CPU, without any load.',
    words,
    flags,
    handler: async (argv) => {
      refuseUseless(argv);
      if (argv.host === undefined)
        return judge(context, argv, await readRecordedFiles(argv.files ?? [], context, withVcpus(argv)));
      if (argv.files?.length) throw new UserError('--host reads from Datadog. Give it, or files');
      const range = { fromMs: parseTime('--from', argv.from, argv.zone), toMs: parseTime('--to', argv.to, argv.zone) };
      await withDatadog(context, argv, async (account) =>
        judge(context, argv, [await pullHistory(account, { ...argv, ...range })]),
      );
    },
  });
}

type HistoryFlags = ReadOptions & {
  readonly [F in 'of' | 'start' | 'from' | 'to' | 'memory' | 'types']?: string | undefined;
} & { readonly [F in 'on' | 'out']: string } & { readonly [F in 'json' | 'quiet']: boolean } & {
  readonly mode?: CreditMode | undefined;
};

/** The flags, with the size of the machine that was recorded where they name it. */
function withVcpus<F extends HistoryFlags>(argv: F): F & ReadOptions {
  return argv.of === undefined ? argv : { ...argv, vcpus: findInstanceType(argv.of, readCatalogue(argv.types)).vcpus };
}

/** Throws a UserError for a flag of Datadog beside files, and for one of files beside --host. */
function refuseUseless({
  host,
  days,
  from,
  zone,
  unit,
  memory,
}: HistoryFlags & { readonly host?: string | undefined; readonly days?: number | undefined }): void {
  if (days !== undefined && host === undefined) throw new UserError('--days is how far --host reads: add --host NAME');
  if (days !== undefined && from !== undefined)
    throw new UserError('--days and --from both give the start. Use one of them');
  const ofFiles = zone === undefined ? (unit === undefined ? undefined : '--unit') : '--zone';
  if (ofFiles !== undefined && host !== undefined && memory === undefined)
    throw new UserError(`${ofFiles} is about files. Datadog states it: remove ${ofFiles}`);
}

/** Judges the files, writes the page and prints the verdict. */
async function judge(context: CommandContext, argv: HistoryFlags, files: readonly RecordedFile[]): Promise<void> {
  const catalogue = readCatalogue(argv.types);
  const types = findInstanceTypes('--on', argv.on, catalogue);
  const of = argv.of ?? files.find(({ instanceType }) => instanceType)?.instanceType;
  if (of === undefined) throw new UserError('name the instance type that was recorded, like --of t2.medium');
  const memory =
    argv.memory === undefined ? [] : await readRecordedFiles([argv.memory], context, { ...argv, single: 'memory' });
  const all = [...files, ...memory];
  const input = {
    of: findInstanceType(of, catalogue),
    types,
    fromMs: parseTime('--from', argv.from, argv.zone),
    toMs: parseTime('--to', argv.to, argv.zone),
    start: chooseStart(argv.start),
    mode: argv.mode,
    nowMs: Date.now(),
  };
  const opened = openRecord(all, input);
  const sizing = sizeRecord(all, input, opened);
  writeRecordPage(makeRecordPage(sizing, opened, types, catalogue), argv.out);
  const report = join(argv.out, 'index.html');
  const instances = sizing.instances.map(({ curve: _, ...each }) => each);
  const text = renderRecordSizing(sizing, { ...context, place: `report: ${report}` });
  // The record is the traffic: without a type that fits it, nothing may be concluded.
  const exitCode = sizing.recommendation.code === 'record-recommend' ? 0 : 4;
  printAnswer(context, argv, { document: { ...sizing, instances, report }, text, exitCode });
}

function parseTime(flag: string, text: string | undefined, zone: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text} 00:00` : text;
  const ms = createTimeReader(zone, flag, '')(time, undefined);
  if (ms === undefined) throw new UserError(`${flag} ${text} is not a time. Use a form like 2026-01-31T12:00:00Z`);
  return ms;
}
