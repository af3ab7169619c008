// `headroom monitors backtest`: whether the monitors would have fired over recorded series. Needs no Datadog account.
import { statSync } from 'node:fs';
import type { Finding } from '../../model/finding.ts';
import type { ReadOptions } from '../../model/recorded/recorded-file.ts';
import { recoverRun } from '../../model/recover.ts';
import { readAlarms, readLines, readObserved, readRun } from '../../model/run-folder.ts';
import { UserError } from '../../model/user-error.ts';
import type { Breach } from '../../monitors/backtest/sweep.ts';
import type { RecordedSeries } from '../../monitors/query/recorded-series.ts';
import { wrapLines } from '../../reports/format/wrap.ts';
import type { CommandContext, InputContext } from '../cli/context.ts';
import { defineCommand, inGroup, switchFlag, textFlag } from '../cli/flags.ts';
import { printAnswer } from '../cli/print-answer.ts';
import { readRecordedFiles, recordedFlags } from '../cli/recorded-files.ts';
import { checkHost, chooseDefinitions } from './monitor-flags.ts';
import { monitoredHost } from './observe-run.ts';

const words = {
  record: {
    type: 'string',
    demandOption: true,
    describe: 'Run folder, like runs/ID, or recorded metrics: `metrics pull --out`, CloudWatch, Prometheus, sar, CSV.',
  },
} as const;
const flags = {
  ...inGroup('Start here', {
    sweep: switchFlag('List the thresholds that detect the saturation of the run without a false alarm.'),
    host: textFlag("The host's name in the monitors' queries (default: that of the record)."),
  }),
  ...inGroup('Record', recordedFlags),
};
type Recorded = {
  readonly host: string;
  readonly series: readonly RecordedSeries[];
  readonly breaches?: readonly Breach[];
  /** What was assumed or left out. */
  readonly notes?: readonly Finding[];
};

/** The command for yargs. */
export function backtestCommand(context: CommandContext) {
  return defineCommand({
    command: 'backtest <record>',
    describe: 'Evaluate the monitors over a run or recorded metrics; needs no account.',
    words,
    flags,
    handler: async (argv) => {
      const asked = argv.host === undefined ? undefined : checkHost(argv.host);
      const {
        host,
        series,
        breaches,
        notes = [],
      } = isFolder(argv.record)
        ? await readRecordedRun(argv.record, asked, argv.sweep)
        : await readRecord(argv.record, context, { ...argv, host: asked }, argv.sweep);
      if (!argv.quiet) for (const { text } of notes) context.stderr.write(`note: ${text}\n`);
      const definitions = await chooseDefinitions({ host }, context.environment);
      const { backtest } = await import('../../monitors/backtest/backtest.ts');
      const answer = backtest({ definitions, series, ...(breaches && { breaches }) });
      printAnswer(context, argv, { ...answer, text: wrapLines(answer.text, context.columns) });
    },
  });
}

async function readRecordedRun(dir: string, asked: string | undefined, sweep: boolean): Promise<Recorded> {
  const run = await recoverRun(readRun(dir), readLines(dir));
  const { breachesOfRun, seriesOfRun } = await import('../../monitors/backtest/backtest-run.ts');
  const observed = readObserved(dir);
  const host = asked ?? readAlarms(dir)?.host ?? monitoredHost(run, observed);
  return {
    host,
    series: await seriesOfRun(run, readLines(dir), host, observed?.sources[0]?.source),
    ...(sweep && { breaches: breachesOfRun(run) }),
  };
}

async function readRecord(path: string, inputs: InputContext, options: ReadOptions, sweep: boolean): Promise<Recorded> {
  if (sweep)
    throw new UserError('--sweep needs a run folder: recorded metrics do not show when the host was saturated');
  const [recorded] = await readRecordedFiles([path], inputs, options);
  const { host = recorded?.host } = options;
  if (recorded === undefined || host === undefined)
    throw new UserError(`${path} does not name its host. Give one with --host, like --host i-0abc`);
  const { seriesOfFile } = await import('../../monitors/query/recorded-series.ts');
  return { host, series: seriesOfFile(recorded, host), notes: recorded.notes };
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch (cause) {
    throw new UserError(
      `${path} cannot be read (${(cause as NodeJS.ErrnoException).code}): use a run folder, like runs/ID, or a file of recorded metrics`,
      { cause },
    );
  }
}
