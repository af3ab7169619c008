// The flags of `headroom report`, in the order and under the headings of --help.
import type { Argv } from 'yargs';
import type { Invocation } from '../../model/command-line.ts';
import { failOnFlag } from '../cli/exit-code.ts';
import {
  describeUsage,
  type Example,
  inGroup,
  listFlag,
  outputFlags,
  switchFlag,
  textFlag,
  verboseFlag,
} from '../cli/flags.ts';

const flags = {
  ...inGroup('Start here', {
    baseline: textFlag('Compare with this run: a folder, a pinned name or the name of a run in the same folder.'),
    trend: switchFlag('Chart how figures change over two or more runs.'),
    predictions: switchFlag('Show how often the intervals of predictions held, over all runs.'),
    list: switchFlag('List the runs: when, what, verdict and size.'),
    prune: textFlag(
      'Remove all runs but the last N complete ones of each target and profile, what is newer, and the pinned baselines.',
    ),
    merge: switchFlag('Merge the shards of one run into a new run.'),
  }),
  ...inGroup('Comparison', {
    margin: listFlag("Largest regression allowed from --baseline, like 'latency.p99 +10ms' (repeatable)."),
    'fail-on': failOnFlag,
    pin: textFlag('Remember this run as the baseline of that name.'),
    unlike: switchFlag('Compare even with a baseline that is partial, invalid or from another machine.'),
  }),
  ...inGroup('Output', {
    out: textFlag(
      'Folder to write to (default: report or comparison in the run folder; runs with --merge; runs/trend with --trend). With --list, --prune and --predictions: the folder of the runs (default: runs).',
    ),
    verbose: verboseFlag,
    ...outputFlags,
  }),
};

/** One for each heading. */
const examples: readonly Example[] = [
  [['runs/ID'], 'Rebuild the report of a run, also of one that was interrupted.'],
  [['runs/ID', '--pin', 'main'], 'Comparison: make a run the baseline "main".'],
  [
    ['runs/ID', '--baseline', 'main', '--fail-on', 'worse'],
    'Comparison: compare a run with it, and fail if it got worse.',
  ],
  [['runs/ID', '--json'], 'Output: print the judgement as JSON.'],
];

/** Declares the flags to yargs, with usage and examples for `invocation`. */
export const reportFlags = (yargs: Argv, invocation: Invocation) =>
  describeUsage(
    yargs.positional('run', { type: 'string', array: true, describe: 'Run folders, like runs/ID.' }).options(flags),
    invocation,
    'report',
    { args: '[run..] [flags]', about: 'Builds the report of a run, or compares or merges runs.', examples },
  );

export type ReportFlags = Awaited<ReturnType<typeof reportFlags>['argv']>;
