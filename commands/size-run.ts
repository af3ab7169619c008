// The flags of `headroom size RUN`: the right-sizing verdict from a measured run.
import type { Argv, CommandModule } from 'yargs';
import { parseCreditStart } from '../model/credit-lifecycle.ts';
import { findInstanceType } from '../model/instance-catalogue.ts';
import { recoverRun } from '../model/recover.ts';
import { readLines, readObserved, readRun } from '../model/run-folder.ts';
import { UserError } from '../model/user-error.ts';
import { type Builds, parseBuildCpu } from '../reports/day-load.ts';
import { readTraffic } from '../reports/read-traffic.ts';
import { sizeRun } from '../reports/sizing.ts';
import { renderSizing } from '../reports/sizing-text.ts';
import { dailyTraffic, shapes, type Traffic } from '../reports/traffic.ts';
import { readCatalogue } from './size-input.ts';
import type { Surroundings } from './surroundings.ts';

const flags = (yargs: Argv) =>
  yargs
    .positional('run', { type: 'string', demandOption: true, describe: 'a run folder, like runs/<id>' })
    .option('on', {
      type: 'string',
      requiresArg: true,
      default: 't2.micro,t2.medium',
      describe: 'the types to judge, with commas',
    })
    .option('traffic', {
      type: 'string',
      requiresArg: true,
      describe: 'a day or more: a CSV or JSON table of hours or minutes, or an access log of nginx',
    })
    .option('daily', { type: 'number', requiresArg: true, describe: 'so many requests a day, instead of a file' })
    .option('shape', { choices: shapes, default: 'office' as const, describe: 'how --daily spreads over the day' })
    .option('builds', { type: 'number', requiresArg: true, describe: 'CI builds a day on the same machine' })
    .option('build-cpu', { type: 'string', requiresArg: true, describe: 'what one takes, like 2x8s (2 vCPUs, 8 s)' })
    .option('mode', { choices: ['standard', 'unlimited'] as const, describe: "credit mode (default: each type's own)" })
    .option('start', {
      type: 'string',
      requiresArg: true,
      default: 'launch',
      describe: 'credits at the begin: launch, full, empty, or like launch=30,earned=12',
    })
    .option('count', {
      choices: ['app', 'host'] as const,
      describe: 'the app alone, or everything on the observed host (default: app when headroom started it, else host)',
    })
    .option('types', { type: 'string', requiresArg: true, describe: 'a JSON file with own types and prices' })
    .option('json', { type: 'boolean', default: false, describe: 'one JSON document on stdout, all talk on stderr' })
    .option('quiet', { type: 'boolean', default: false, describe: 'print nothing but errors' });

type Flags = Awaited<ReturnType<typeof flags>['argv']>;

/** The command for yargs. */
export function sizeRunCommand({ stdout, color, exit }: Surroundings): CommandModule<object, Flags> {
  return {
    command: '$0 <run>',
    describe: 'which instance type fits what was measured in a run',
    builder: flags as unknown as (yargs: Argv<object>) => Argv<Flags>,
    handler: async (argv) => {
      const catalogue = readCatalogue(argv.types);
      const types = argv.on.split(',').map((name) => findInstanceType(name.trim(), catalogue));
      const builds = readBuilds(argv.builds, argv['build-cpu']);
      const run = await recoverRun(readRun(argv.run), readLines(argv.run));
      const sizing = sizeRun(
        {
          run,
          observed: readObserved(argv.run),
          traffic: await chooseTraffic(argv),
          builds,
          mode: argv.mode,
          start: parseCreditStart(argv.start),
          count: argv.count ?? (run.target.startedByHarness ? 'app' : 'host'),
          catalogue,
        },
        types,
      );
      if (argv.json) stdout.write(`${JSON.stringify(sizing, null, 2)}\n`);
      else if (!argv.quiet) stdout.write(`${renderSizing(sizing, { color })}\n`);
      exit(sizing.exitCode);
    },
  };
}

async function chooseTraffic(argv: Flags): Promise<Traffic | undefined> {
  if (argv.traffic !== undefined && argv.daily !== undefined) {
    throw new UserError('--traffic and --daily both tell the traffic: give one of them');
  }
  if (argv.traffic !== undefined) return readTraffic(argv.traffic);
  return argv.daily === undefined ? undefined : dailyTraffic(argv.daily, argv.shape);
}

function readBuilds(perDay: number | undefined, cpu: string | undefined): Builds | undefined {
  if (perDay === undefined && cpu === undefined) return undefined;
  if (perDay === undefined || cpu === undefined) {
    throw new UserError('--builds N and --build-cpu 2x8s go together: give both');
  }
  if (!(Number.isInteger(perDay) && perDay >= 1 && perDay <= 10_000)) {
    throw new UserError('--builds must be a whole number from 1 to 10000');
  }
  return { perDay, ...parseBuildCpu(cpu) };
}
