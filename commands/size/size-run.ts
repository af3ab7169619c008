// The flags of `headroom size RUN`: the right-sizing verdict from a measured run.
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Argv, CommandModule } from 'yargs';
import { parseCreditStart } from '../../model/credit-lifecycle.ts';
import { defaultTypes, findInstanceTypes } from '../../model/instance-catalogue.ts';
import { recoverRun } from '../../model/recover.ts';
import { readLines, readObserved, readRun } from '../../model/run-folder.ts';
import { findTrends } from '../../reports/measured/trend.ts';
import { renderSizing } from '../../reports/messages/sizing-text.ts';
import { withText } from '../../reports/messages/text-of.ts';
import { collectSeconds } from '../../reports/series/seconds.ts';
import { findBuild } from '../../reports/sizing/build-demand.ts';
import type { RunSeen } from '../../reports/sizing/measured-type.ts';
import { sizeRun } from '../../reports/sizing/size-run.ts';
import { readSizing } from '../../reports/write.ts';
import type { CommandContext } from '../cli/context.ts';
import { inGroup, outputFlags } from '../cli/flags.ts';
import { readCatalogue, startFlag, typesFlag } from './size-input.ts';
import { chooseBuilds, chooseTraffic, trafficFlags } from './traffic-flags.ts';

const { daily, traffic, ...otherTraffic } = trafficFlags;

const flagGroups = {
  ...inGroup('Start here', {
    on: {
      type: 'string',
      requiresArg: true,
      default: defaultTypes.join(),
      describe: 'Instance types to judge, separated by commas.',
    },
    daily,
    traffic,
  }),
  ...inGroup('Workload', otherTraffic),
  ...inGroup('CPU credits', {
    mode: {
      choices: ['standard', 'unlimited'] as const,
      requiresArg: true,
      describe: 'Credit mode (default: that of each type).',
    },
    start: startFlag,
  }),
  ...inGroup('Data', {
    count: {
      choices: ['app', 'host'] as const,
      describe: 'CPU to size for: the app, or all of its host (default: app if headroom started it, else host).',
    },
    types: typesFlag,
  }),
  ...outputFlags,
};

const flags = (yargs: Argv) =>
  yargs
    .positional('run', { type: 'string', demandOption: true, describe: 'Run folder, like runs/ID.' })
    .options(flagGroups);

type Flags = Awaited<ReturnType<typeof flags>['argv']>;

/** The command for yargs. */
export function sizeRunCommand({ stdout, color, exit }: CommandContext): CommandModule<object, Flags> {
  return {
    command: '$0 <run>',
    describe: 'Judge instance types from a measured run.',
    builder: flags as unknown as (yargs: Argv<object>) => Argv<Flags>,
    handler: async (argv) => {
      const catalogue = readCatalogue(argv.types);
      const types = findInstanceTypes('--on', argv.on, catalogue);
      const run = await recoverRun(readRun(argv.run), readLines(argv.run));
      const observed = readObserved(argv.run);
      const others = await readOthers(argv.run, run.id);
      const sizing = sizeRun(
        {
          run,
          observed,
          traffic: await chooseTraffic(argv),
          builds: chooseBuilds(argv, findBuild(run, observed)),
          others,
          trends: findTrends(run, await collectSeconds(run, readLines(argv.run))),
          mode: argv.mode,
          start: parseCreditStart(argv.start, '--start'),
          count: argv.count ?? (run.target.startedByHarness ? 'app' : 'host'),
          catalogue,
        },
        types,
      );
      if (argv.json) stdout.write(`${JSON.stringify(sizing, withoutCurve, 2)}\n`);
      else if (!argv.quiet) stdout.write(`${renderSizing(sizing, { color })}\n`);
      exit(sizing.exitCode);
    },
  };
}

/** The runs on other instance types that this one was made with, as far as they are still beside it. */
async function readOthers(dir: string, id: string): Promise<RunSeen[]> {
  const others: RunSeen[] = [];
  for (const other of readSizing(dir)?.record.runs ?? []) {
    const beside = join(dirname(resolve(dir)), basename(other));
    if (other === id || !existsSync(join(beside, 'run.json'))) continue;
    others.push({ run: await recoverRun(readRun(beside), readLines(beside)), observed: readObserved(beside) });
  }
  return others;
}

/** The curve has hundreds of points: they are in the report. */
function withoutCurve(key: string, value: unknown): unknown {
  return key === 'curve' ? undefined : withText(key, value);
}
