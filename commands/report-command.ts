// The flags of `headroom report`.
import type { Argv, CommandModule } from 'yargs';
import type { Surroundings } from './surroundings.ts';

const flags = (yargs: Argv) =>
  yargs
    .positional('run', { type: 'string', demandOption: true, describe: 'a run folder, like runs/<id>' })
    .option('out', {
      type: 'string',
      requiresArg: true,
      describe: 'where to write (default: report/ in the run folder)',
    })
    .option('json', { type: 'boolean', default: false, describe: 'one JSON document on stdout, all talk on stderr' })
    .option('quiet', { type: 'boolean', default: false, describe: 'print nothing but errors' });

type Flags = Awaited<ReturnType<typeof flags>['argv']>;

/** The command for yargs. */
export function reportCommand({ stdout, color, exit }: Surroundings): CommandModule<object, Flags> {
  return {
    command: 'report <run>',
    describe: 'build the report of a run again, also of one that was cut off',
    builder: flags as unknown as (yargs: Argv<object>) => Argv<Flags>,
    handler: async (argv) => {
      const { writeReport } = await import('../reports/write.ts');
      const { summarizeReport } = await import('../reports/summary.ts');
      const { judged, reportDir } = await writeReport(argv.run, argv.out);
      const { exitCode } = judged;
      if (argv.json) stdout.write(`${JSON.stringify({ report: reportDir, judged, exitCode }, null, 2)}\n`);
      else if (!argv.quiet) stdout.write(`${summarizeReport(judged, { color })}\nreport: ${reportDir}/index.html\n`);
      exit(exitCode);
    },
  };
}
