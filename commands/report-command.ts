// The flags of `headroom report`.
import type { Argv, CommandModule } from 'yargs';
import { UserError } from '../model/user-error.ts';
import type { Surroundings } from './surroundings.ts';

const flags = (yargs: Argv) =>
  yargs
    .positional('run', { type: 'string', array: true, demandOption: true, describe: 'run folders, like runs/<id>' })
    .option('merge', {
      type: 'boolean',
      default: false,
      describe: 'the folders are the shards of one run: merge them into a new one',
    })
    .option('out', {
      type: 'string',
      requiresArg: true,
      describe: 'where to write (default: report/ in the run folder; with --merge the folder for run folders, runs)',
    })
    .option('json', { type: 'boolean', default: false, describe: 'one JSON document on stdout, all talk on stderr' })
    .option('quiet', { type: 'boolean', default: false, describe: 'print nothing but errors' });

type Flags = Awaited<ReturnType<typeof flags>['argv']>;

/** The command for yargs. */
export function reportCommand({ stdout, color, exit }: Surroundings): CommandModule<object, Flags> {
  return {
    command: 'report <run..>',
    describe: 'build the report of a run again, also of one that was cut off; merge shards',
    builder: flags as unknown as (yargs: Argv<object>) => Argv<Flags>,
    handler: async (argv) => {
      const [run, ...others] = argv.run;
      if (run === undefined || (others.length > 0 && !argv.merge)) {
        throw new UserError('give one run folder; several are the shards of one run, with --merge');
      }
      // Loaded here, so that the other commands need not wait for pages and charts.
      const { writeReport } = await import('../reports/write.ts');
      const { summarizeReport } = await import('../reports/summary.ts');
      const { mergeShards } = await import('./merge.ts');
      const dir = argv.merge ? await mergeShards(argv.run, argv.out ?? 'runs') : run;
      const { judged, reportDir } = await writeReport(dir, argv.merge ? undefined : argv.out);
      const { exitCode } = judged;
      if (argv.json) stdout.write(`${JSON.stringify({ dir, report: reportDir, judged, exitCode }, null, 2)}\n`);
      else if (!argv.quiet) stdout.write(`${summarizeReport(judged, { color })}\nreport: ${reportDir}/index.html\n`);
      exit(exitCode);
    },
  };
}
