// The flags of `headroom report`.
import type { Argv, CommandModule } from 'yargs';
import { readRun } from '../../model/run-folder.ts';
import { UserError } from '../../model/user-error.ts';
import { parseMargin } from '../../reports/comparison/margin.ts';
import type { Surroundings } from '../cli/context.ts';
import { printAnswer } from '../cli/print-answer.ts';
import { observeUnobserved } from '../datadog/observe-run.ts';
import { findBaseline, pinBaseline } from './baseline.ts';
import { comparisonFolder } from './comparison-folder.ts';

const flags = (yargs: Argv) =>
  yargs
    .positional('run', { type: 'string', array: true, describe: 'run folders, like runs/<id>' })
    .option('merge', {
      type: 'boolean',
      default: false,
      describe: 'the folders are the shards of one run: merge them into a new one',
    })
    .option('baseline', {
      type: 'string',
      requiresArg: true,
      describe: 'compare with this run: a folder, a pinned name, or the name of a run beside it',
    })
    .option('margin', {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      describe: "with --baseline: how much worse is still good enough, like 'latency.p99 +10ms' (repeatable)",
    })
    .option('unlike', {
      type: 'boolean',
      default: false,
      describe: 'take a baseline all the same that is partial, invalid or of another machine',
    })
    .option('trend', {
      type: 'boolean',
      default: false,
      describe: 'the folders are runs one after the other: how their figures move, and where they change',
    })
    .option('pin', { type: 'string', requiresArg: true, describe: 'remember this run as the baseline of that name' })
    .option('out', {
      type: 'string',
      requiresArg: true,
      describe:
        'where to write (default: report/ in the run folder, comparison/ with --baseline; with --merge the folder for run folders, runs; with --trend runs/trend)',
    })
    .option('json', { type: 'boolean', default: false, describe: 'one JSON document on stdout, all talk on stderr' })
    .option('quiet', { type: 'boolean', default: false, describe: 'print nothing but errors' });

type Flags = Awaited<ReturnType<typeof flags>['argv']>;
type Answer = Parameters<typeof printAnswer>[2] & { readonly document: object };

/** The command for yargs. */
export function reportCommand(surroundings: Surroundings): CommandModule<object, Flags> {
  return {
    command: 'report [run..]',
    describe: 'build the report of a run again, also of one that was cut off; merge shards',
    builder: flags as unknown as (yargs: Argv<object>) => Argv<Flags>,
    handler: async (argv) => {
      printAnswer(surroundings, argv, await answer(argv, surroundings));
    },
  };
}

function answer(argv: Flags, surroundings: Surroundings): Promise<Answer> {
  if (argv.trend) return trend(argv, surroundings);
  if (argv.baseline !== undefined) return compare(argv, argv.baseline, surroundings);
  if (argv.margin) throw new UserError('--margin is about a difference: give --baseline RUN too');
  return reportRun(argv, surroundings);
}

async function trend(
  { run = [], out = 'runs/trend', baseline, merge }: Flags,
  { color }: Surroundings,
): Promise<Answer> {
  if (run.length < 2 || baseline !== undefined || merge) {
    throw new UserError('--trend takes two or more run folders, and neither --baseline nor --merge');
  }
  const { writeHistory } = await import('../../reports/write.ts');
  const { summarizeHistory } = await import('../../reports/render/history-html.ts');
  const history = await writeHistory(run, out);
  return {
    document: { report: out, history, exitCode: history.exitCode },
    text: `${summarizeHistory(history, { color })}\nreport: ${out}/index.html`,
    exitCode: history.exitCode,
  };
}

async function compare(argv: Flags, asked: string, { color }: Surroundings): Promise<Answer> {
  const [run, ...others] = argv.run ?? [];
  if (run === undefined || others.length > 0 || argv.merge) {
    throw new UserError('--baseline compares one run folder with another: report RUN --baseline RUN');
  }
  const margins = (argv.margin ?? []).map(parseMargin);
  const baseline = findBaseline(asked, run);
  const { writeComparison } = await import('../../reports/write.ts');
  const { comparisonDocument, summarizeComparison } = await import('../../reports/render/comparison-markdown.ts');
  const { comparison, reportDir } = await writeComparison(baseline, run, {
    margins,
    takeUnlike: argv.unlike,
    out:
      argv.out ??
      comparisonFolder(
        run,
        readRun(baseline).id,
        margins.map(({ expression }) => expression),
      ),
  });
  const { exitCode } = comparison;
  return {
    document: { dir: run, baseline, report: reportDir, comparison: comparisonDocument(comparison), exitCode },
    text: `${summarizeComparison(comparison, { color })}\nreport: ${reportDir}/index.html`,
    exitCode,
  };
}

async function reportRun(argv: Flags, { color }: Surroundings): Promise<Answer> {
  const [run, ...others] = argv.run ?? [];
  if (run === undefined || (others.length > 0 && !argv.merge)) {
    throw new UserError('give one run folder; several are the shards of one run, with --merge');
  }
  // Loaded here, so that the other commands need not wait for pages and charts.
  const { writeReport } = await import('../../reports/write.ts');
  const { renderQuestions, summarizeReport } = await import('../../reports/render/terminal.ts');
  const { mergeShards } = await import('./merge.ts');
  if (argv.pin !== undefined) pinBaseline(run, argv.pin);
  const dir = argv.merge ? await mergeShards(argv.run ?? [], argv.out ?? 'runs') : run;
  await observeUnobserved(dir);
  const { judged, reportDir } = await writeReport(dir, argv.merge ? undefined : argv.out);
  const { exitCode } = judged;
  return {
    document: { dir, report: reportDir, judged, exitCode },
    text: `${summarizeReport(judged, { color })}\nreport: ${reportDir}/index.html\n\n${renderQuestions(judged)}`,
    exitCode,
  };
}
