// The flags of `headroom report`, in the order and under the headings of --help.
import type { Argv } from 'yargs';
import type { Invocation } from '../../model/command-line.ts';
import { describeUsage, type Example, inGroup, outputFlags } from '../cli/flags.ts';

const flags = {
  ...inGroup('Start here', {
    baseline: {
      type: 'string',
      requiresArg: true,
      describe: 'Compare with this run: a folder, a pinned name or the name of a run in the same folder.',
    },
    trend: { type: 'boolean', default: false, describe: 'Chart how figures change over two or more runs.' },
    merge: { type: 'boolean', default: false, describe: 'Merge the shards of one run into a new run.' },
  }),
  ...inGroup('Comparison', {
    margin: {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      describe: "Largest regression allowed from --baseline, like 'latency.p99 +10ms' (repeatable).",
    },
    pin: { type: 'string', requiresArg: true, describe: 'Remember this run as the baseline of that name.' },
    unlike: {
      type: 'boolean',
      default: false,
      describe: 'Compare even with a baseline that is partial, invalid or from another machine.',
    },
  }),
  ...inGroup('Output', {
    out: {
      type: 'string',
      requiresArg: true,
      describe:
        'Folder to write to (default: report or comparison in the run folder; runs with --merge; runs/trend with --trend).',
    },
    ...outputFlags,
  }),
};

/** One for each heading. */
const examples: readonly Example[] = [
  [['runs/ID'], 'Rebuild the report of a run, also of one that was interrupted.'],
  [['runs/ID', '--pin', 'main'], 'Comparison: make a run the baseline "main".'],
  [['runs/ID', '--baseline', 'main'], 'Comparison: compare a run with it.'],
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
