// The flags of `headroom size RUN`: the right-sizing verdict from a measured run.
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { defaultTypes, findInstanceTypes } from '../../model/catalogue/instance-catalogue.ts';
import { recoverRun } from '../../model/recover.ts';
import { readLines, readObserved, readRun } from '../../model/run-folder.ts';
import { UserError } from '../../model/user-error.ts';
import { findTrends } from '../../reports/measured/trend.ts';
import { renderSizing } from '../../reports/messages/sizing-text.ts';
import { withText } from '../../reports/messages/text-of.ts';
import { collectSeconds } from '../../reports/series/seconds.ts';
import { findBuild } from '../../reports/sizing/demand/build-demand.ts';
import type { RunSeen } from '../../reports/sizing/rates/measured-type.ts';
import { sizeRun } from '../../reports/sizing/size-run.ts';
import { readSizing } from '../../reports/write.ts';
import type { CommandContext } from '../cli/context.ts';
import { defineCommand, inGroup, textFlag } from '../cli/flags.ts';
import { chooseStart, modeFlag, readCatalogue, startFlag, typesFlag } from './size-input.ts';
import { chooseBuilds, chooseTraffic, trafficFlags } from './traffic-flags.ts';

const { daily, traffic, ...otherTraffic } = trafficFlags;
const words = {
  run: { type: 'string', demandOption: true, describe: 'Run folder, like runs/ID.' },
  logs: { type: 'string', array: true, describe: 'More files of --traffic, as the shell expands a pattern.' },
} as const;
const flags = {
  ...inGroup('Start here', {
    on: { ...textFlag('Instance types to judge, separated by commas.'), default: defaultTypes.join() },
    daily,
    traffic,
  }),
  ...inGroup('Workload', otherTraffic),
  ...inGroup('CPU credits', { mode: modeFlag, start: startFlag }),
  ...inGroup('Data', {
    count: {
      choices: ['app', 'host'],
      describe: 'CPU to size for: the app, or all of its host (default: app if headroom started it, else host).',
    },
    types: typesFlag,
  } as const),
};

/** The command for yargs. */
export function sizeRunCommand(context: CommandContext) {
  const { stdout, color, columns, exit } = context;
  return defineCommand({
    command: '$0 <run> [logs..]',
    describe: 'Judge instance types from a measured run.',
    words,
    flags,
    handler: async (argv) => {
      if (argv.start !== undefined && argv.traffic === undefined && argv.daily === undefined)
        throw new UserError(
          '--start is the credit balance that the traffic begins with: add --daily N or --traffic FILE',
        );
      const catalogue = readCatalogue(argv.types);
      const types = findInstanceTypes('--on', argv.on, catalogue);
      const run = await recoverRun(readRun(argv.run), readLines(argv.run));
      const observed = readObserved(argv.run);
      const others = await readOthers(argv.run, run.id);
      const sizing = sizeRun(
        {
          run,
          observed,
          traffic: await chooseTraffic(moreTraffic(argv), context),
          builds: chooseBuilds(argv, findBuild(run, observed)),
          others,
          trends: findTrends(run, await collectSeconds(run, readLines(argv.run))),
          mode: argv.mode,
          start: chooseStart(argv.start),
          count: argv.count ?? (run.target.startedByHarness ? 'app' : 'host'),
          catalogue,
        },
        types,
      );
      if (argv.json) stdout.write(`${JSON.stringify(sizing, withoutCurve, 2)}\n`);
      else if (!argv.quiet) stdout.write(`${renderSizing(sizing, { color, columns })}\n`);
      exit(sizing.exitCode);
    },
  });
}

/** The files of --traffic, with those that the shell put behind it. */
function moreTraffic<T extends { readonly traffic?: unknown; readonly logs?: readonly string[] | undefined }>(
  argv: T,
): T {
  const logs = argv.logs ?? [];
  if (logs.length === 0) return argv;
  if (argv.traffic === undefined)
    throw new UserError(
      `size judges one run: ${logs.join(' ')} is more than that. Give access logs with --traffic FILE`,
    );
  return { ...argv, traffic: [...(argv.traffic as readonly string[]), ...logs] };
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
