// `headroom stress` as a command: its flags, its output, its exit code.
import type { Argv, CommandModule } from 'yargs';
import { noProgress, showProgress } from './progress.ts';
import { stress } from './stress.ts';
import { stressDocument } from './stress-document.ts';
import { type StressFlags, stressFlags } from './stress-flags.ts';
import { chooseOptions } from './stress-settings.ts';
import type { Surroundings } from './surroundings.ts';

/** The command for yargs. */
export function stressCommand(surroundings: Surroundings): CommandModule<object, StressFlags> {
  return {
    command: 'stress',
    describe: 'load + observe + judge + report',
    builder: stressFlags as unknown as (yargs: Argv<object>) => Argv<StressFlags>,
    handler: (argv) => run(argv, surroundings),
  };
}

async function run(argv: StressFlags, surroundings: Surroundings): Promise<void> {
  const { stdout, stderr, live, color, signal, exit } = surroundings;
  const settings = chooseOptions(argv, surroundings);
  const progress = argv.quiet ? noProgress : showProgress(stderr, live, settings.profile);
  const result = await stress({ ...settings, onLine: progress.onLine, onStage: progress.onStage }).finally(
    progress.end,
  );
  const exitCode =
    result.run.status === 'interrupted' ? (signal.reason as { exitCode: number }).exitCode : result.judged.exitCode;
  const { summarizeReport } = await import('../reports/summary.ts');
  if (argv.json) stdout.write(`${JSON.stringify(stressDocument(result, exitCode), null, 2)}\n`);
  else stdout.write(`${summarizeReport(result.judged, { color })}\nreport: ${result.reportDir}/index.html\n`);
  exit(exitCode);
}
