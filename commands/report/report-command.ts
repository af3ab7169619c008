// `headroom report`: a report, a comparison, a merge or a trend.
import type { Argv, CommandModule } from 'yargs';
import { readRun } from '../../model/run-folder.ts';
import { UserError } from '../../model/user-error.ts';
import { parseMargin } from '../../reports/comparison/margin.ts';
import type { CommandContext } from '../cli/context.ts';
import { comparisonExitCode } from '../cli/exit-code.ts';
import { printAnswer } from '../cli/print-answer.ts';
import { observeUnobserved } from '../datadog/observe-run.ts';
import { findBaseline, pinBaseline } from './baseline.ts';
import { comparisonFolder } from './comparison-folder.ts';
import { type ReportFlags, reportFlags } from './report-flags.ts';

type Answer = Parameters<typeof printAnswer>[2] & { readonly document: object };

/** The command for yargs. */
export function reportCommand(context: CommandContext): CommandModule<object, ReportFlags> {
  return {
    command: 'report [run..]',
    describe: 'Build the report of a run; compare, merge or trend runs.',
    builder: (yargs) => reportFlags(yargs, context.invocation) as unknown as Argv<ReportFlags>,
    handler: async (argv) => {
      printAnswer(context, argv, await answer(argv, context));
    },
  };
}

/** Throws a UserError for the first flag that the others leave without an effect. */
function refuseUseless({ baseline, trend, predictions, merge, list, prune, ...argv }: ReportFlags): void {
  const given = {
    '--margin': argv.margin !== undefined,
    '--fail-on': argv.failOn !== undefined,
    '--unlike': argv.unlike,
  };
  for (const [flag, isGiven] of Object.entries(given))
    if (isGiven && baseline === undefined) throw new UserError(`${flag} needs a run to compare with: add --baseline`);
  const ways = { baseline: baseline !== undefined, trend, predictions, merge, list, prune: prune !== undefined };
  const [other, second] = Object.entries(ways).flatMap(([flag, is]) => (is ? [flag] : []));
  const ofAll = [other, second].find((flag) => flag === 'list' || flag === 'prune' || flag === 'predictions');
  if (ofAll !== undefined && (second !== undefined || argv.run?.length))
    throw new UserError(`--${ofAll} is about all runs of a folder (--out). Give no run and no other flag of that kind`);
  if (argv.pin !== undefined && other !== undefined)
    throw new UserError(`--pin is for a run alone. Give it without --${other}, in a command of its own`);
}

async function answer(argv: ReportFlags, context: CommandContext): Promise<Answer> {
  refuseUseless(argv);
  const all = await ofFolder(argv, context);
  if (all) return all;
  if (argv.trend) return trend(argv, context);
  if (argv.baseline !== undefined) return compare(argv, argv.baseline, context);
  return reportRun(argv, context);
}

/** What is about all runs of a folder; undefined when one or several runs are asked about. */
async function ofFolder(
  { out = 'runs', list, prune, predictions }: ReportFlags,
  { columns }: CommandContext,
): Promise<Answer | undefined> {
  if (predictions) return (await import('./predictions.ts')).reportPredictions(out, columns);
  if (!list && prune === undefined) return undefined;
  const { listRuns, pruneRuns } = await import('./list-runs.ts');
  return prune === undefined ? listRuns(out, columns) : pruneRuns(out, prune, columns);
}

async function trend(
  { run = [], out = 'runs/trend', baseline, merge }: ReportFlags,
  { color, columns }: CommandContext,
): Promise<Answer> {
  if (run.length < 2 || baseline !== undefined || merge) {
    throw new UserError('--trend needs two or more run folders, without --baseline and --merge');
  }
  const { writeHistory } = await import('../../reports/write.ts');
  const { summarizeHistory } = await import('../../reports/render/history-terminal.ts');
  const history = await writeHistory(run, out);
  return {
    document: { report: out, history, exitCode: history.exitCode },
    text: summarizeHistory(history, { color, columns, places: [`report: ${out}/index.html`] }),
    exitCode: history.exitCode,
  };
}

async function compare(argv: ReportFlags, asked: string, context: CommandContext): Promise<Answer> {
  const [run, ...others] = argv.run ?? [];
  if (run === undefined || others.length > 0 || argv.merge) {
    throw new UserError('--baseline compares it with one run. Give one run folder, without --merge');
  }
  const margins = (argv.margin ?? []).map(parseMargin);
  readRun(run);
  const baseline = findBaseline(asked, run, context.invocation);
  const { writeComparison } = await import('../../reports/write.ts');
  const { comparisonDocument } = await import('../../reports/render/comparison-markdown.ts');
  const { summarizeComparison } = await import('../../reports/render/comparison-terminal.ts');
  const { renewSizing } = await import('./renew-sizing.ts');
  for (const each of [baseline, run]) await renewSizing(each);
  const { comparison, reportDir } = await writeComparison(baseline, run, {
    margins,
    unlike: argv.unlike,
    out:
      argv.out ??
      comparisonFolder(
        run,
        readRun(baseline).id,
        margins.map(({ expression }) => expression),
      ),
  });
  const exitCode = comparisonExitCode(comparison, argv.failOn);
  return {
    document: {
      dir: run,
      baseline,
      report: reportDir,
      comparison: { ...comparisonDocument(comparison), exitCode },
      exitCode,
    },
    text: summarizeComparison(comparison, terminal(argv, context, `report: ${reportDir}/index.html`)),
    exitCode,
  };
}

/** How a summary is printed, with where its page stands. */
function terminal({ verbose }: ReportFlags, { color, columns }: CommandContext, ...places: readonly string[]) {
  return { color, columns, verbose, places };
}

async function reportRun(argv: ReportFlags, context: CommandContext): Promise<Answer> {
  const { environment } = context;
  const [run, ...others] = argv.run ?? [];
  if (run === undefined && argv.merge) throw new UserError('--merge needs the run folders of the shards');
  if (run === undefined || (others.length > 0 && !argv.merge)) {
    throw new UserError('give one run folder; add --merge if several are the shards of one run');
  }
  // Loaded here: other commands need no pages and charts.
  const { writeReport } = await import('../../reports/write.ts');
  const { summarizeReport } = await import('../../reports/render/terminal.ts');
  const { mergeShards } = await import('./merge.ts');
  if (argv.pin !== undefined) pinBaseline(run, argv.pin);
  const dir = argv.merge ? await mergeShards(argv.run ?? [], argv.out ?? 'runs', environment) : run;
  await observeUnobserved(dir, environment);
  const { renewSizing } = await import('./renew-sizing.ts');
  await renewSizing(dir);
  const { judged, reportDir } = await writeReport(dir, argv.merge ? undefined : argv.out);
  const { exitCode } = judged;
  return {
    document: { dir, report: reportDir, judged, exitCode },
    text: summarizeReport(judged, terminal(argv, context, `report: ${reportDir}/index.html`)),
    exitCode,
  };
}
