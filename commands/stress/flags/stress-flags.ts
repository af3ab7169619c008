// The flags of `headroom stress`, in the order and under the headings of --help.
import type { Argv } from 'yargs';
import type { Invocation } from '../../../model/command-line.ts';
import { describeUsage, type Example, inGroup, outputFlags, verboseFlag } from '../../cli/flags.ts';
import { appFlag, appFlags } from './app-flags.ts';
import { instanceFlags, instancesFlag } from './instance-flags.ts';
import { loadFlags, profileFlag } from './load-flags.ts';
import { replayFlags } from './replay-flags.ts';
import { targetFlag, targetFlags } from './target-flags.ts';
import { dailyFlag, thresholdFlag, verdictFlags } from './verdict-flags.ts';

const runOutputFlags = {
  ui: { type: 'boolean', default: false, describe: 'Serve a live page of charts, with a button that stops the run.' },
  out: { type: 'string', requiresArg: true, default: 'runs', describe: 'Folder for the run folders.' },
  name: { type: 'string', requiresArg: true, describe: 'Name of the run.' },
  ...inGroup('Output', { verbose: verboseFlag }),
  ...outputFlags,
  quiet: { ...outputFlags.quiet, describe: 'Print no progress.' },
  publish: {
    type: 'string',
    array: true,
    describe:
      'Send load metrics: to Datadog with start and end events (needs --host), or with otlp=URL to a collector.',
  },
  mute: {
    type: 'boolean',
    default: false,
    describe: "Mute headroom's Datadog monitors of the host during the run (needs --host).",
  },
} as const;

const flags = {
  ...inGroup('Start here', {
    ...targetFlag,
    ...appFlag,
    ...profileFlag,
    ...instancesFlag,
    ...dailyFlag,
    ...thresholdFlag,
  }),
  ...inGroup('Target', { ...appFlags, ...targetFlags }),
  ...inGroup('Load', loadFlags),
  ...inGroup('Replay', replayFlags),
  ...inGroup('Instances', instanceFlags),
  ...inGroup('Verdict', verdictFlags),
  ...inGroup('Output', runOutputFlags),
};

/** One for each heading. */
const examples: readonly Example[] = [
  [[], 'Compare t2.medium with t2.micro, both emulated on this machine.'],
  [['--target', 'http://127.0.0.1:3000/cart'], 'Target: load one page of your app.'],
  [['--rate', '200', '--duration', '60'], 'Load: send 200 requests/s for a minute.'],
  [['--instances', 't2.small', '--credits', 'empty'], 'Instances: emulate a t2.small without CPU credits.'],
  [
    ['--replay', 'access.log', '--target', 'http://127.0.0.1:3000/', '--speed', '10'],
    'Replay: send the requests of an access log, ten times as fast.',
  ],
  [['--traffic', 'access.log'], 'Verdict: size for the traffic of an access log.'],
  [['--profile', 'smoke', '--json'], 'Output: print the results of a ten-second run as JSON.'],
];

/** Declares the flags to yargs, with usage and examples for `invocation`. */
export const stressFlags = (yargs: Argv, invocation: Invocation) =>
  describeUsage(yargs.options(flags), invocation, 'stress', {
    args: '[flags]',
    about: 'Loads a web app, observes its host and reports whether it fits a smaller EC2 instance type.',
    examples,
  });

export type StressFlags = Awaited<ReturnType<typeof stressFlags>['argv']>;
