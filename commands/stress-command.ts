// `headroom stress` as a command: its flags, its output, its exit code.
import type { Argv, CommandModule } from 'yargs';
import { comparePair } from './compare-pair.ts';
import { chooseDatadog } from './datadog-part.ts';
import { chooseEmulations, profileFor } from './emulation.ts';
import { noProgress, showProgress } from './progress.ts';
import { sizeResults } from './size-results.ts';
import { type StressResult, stress } from './stress.ts';
import { stressDocument } from './stress-document.ts';
import { type StressFlags, stressFlags } from './stress-flags.ts';
import { chooseOptions } from './stress-settings.ts';
import type { Surroundings } from './surroundings.ts';
import { chooseTraffic } from './traffic-flags.ts';

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
  const say = (text: string): void => {
    // Over the line that progress redraws.
    if (!argv.quiet) stderr.write(`${live ? '\r\u001b[2K' : ''}${text}\n`);
  };
  const datadog = await chooseDatadog(argv, settings.sources, surroundings, say);
  const { types, machines, warning } = await chooseEmulations(argv);
  // Read before the run: a mistake in a traffic file must not cost minutes.
  const traffic = await chooseTraffic(argv);
  const profiles = machines.map((machine) => profileFor(settings.profile, machine, warning !== undefined));
  const runs: StressResult[] = [];
  for (const [index, emulation] of machines.entries()) {
    const profile = profiles[index] ?? settings.profile;
    if (emulation) stderr.write(argv.quiet ? '' : `${emulation.type.instanceType}, emulated\n`);
    const progress = argv.quiet ? noProgress : showProgress(stderr, live, profile);
    const { onLine, onStage } = progress;
    const named = settings.name ?? emulation?.type.instanceType;
    runs.push(
      await stress({ ...settings, profile, datadog, name: named, emulation, warning, onLine, onStage }).finally(
        progress.end,
      ),
    );
    if (signal.aborted) break;
  }
  const sized = await sizeResults(runs, types, argv, traffic);
  const compared = sized?.compared;
  const results = sized?.results ?? runs;
  const stopped = results.some(({ run }) => run.status === 'interrupted');
  const codes = results.map(({ judged }) => judged.exitCode);
  const exitCode = stopped
    ? (signal.reason as { exitCode: number }).exitCode
    : (codes.find((code) => code === 3) ?? codes.find((code) => code !== 0) ?? 0);
  const { summarizeReport } = await import('../reports/summary.ts');
  const { summarizeDecision } = await import('../reports/comparison-markdown.ts');
  const { renderSizing } = await import('../reports/sizing-text.ts');
  const { renderQuestions } = await import('../reports/questions-text.ts');
  const pair = await comparePair(results);
  if (argv.json) stdout.write(`${JSON.stringify(stressDocument(results, exitCode, compared, pair), null, 2)}\n`);
  else {
    for (const { judged, reportDir } of results)
      stdout.write(`${summarizeReport(judged, { color })}\nreport: ${reportDir}/index.html\n`);
    if (warning !== undefined) stdout.write(`\n${warning}\n`);
    if (compared) stdout.write(`\n${renderSizing(compared.sizing, { color })}\n`);
    for (const { text } of compared?.predictions ?? []) stdout.write(`${text}\n`);
    const [first] = results;
    if (first) stdout.write(`\n${renderQuestions(first.judged)}\n`);
    if (pair)
      stdout.write(`\n${summarizeDecision(pair.comparison, { color })}\ncomparison: ${pair.reportDir}/index.html\n`);
  }
  exit(exitCode);
}
