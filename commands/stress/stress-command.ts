// `headroom stress` as a command: its flags, its output, its exit code.
import type { Argv, CommandModule } from 'yargs';
import { readObserved } from '../../model/run-folder.ts';
import type { Line } from '../../model/second.ts';
import { UserError } from '../../model/user-error.ts';
import { parseMargin } from '../../reports/comparison/margin.ts';
import type { Surroundings } from '../cli/context.ts';
import { chooseExitCode } from '../cli/exit-code.ts';
import { chooseDatadog } from '../datadog/datadog-part.ts';
import { chooseBuilds, chooseTraffic } from '../size/traffic-flags.ts';
import { comparePair } from './compare-pair.ts';
import { chooseEmulations, profileFor } from './emulation.ts';
import type { LivePage } from './live-page.ts';
import { type Block, choosePair, runPair, summarizeBlocks } from './pair.ts';
import { noProgress, showProgress } from './progress.ts';
import { sizeResults } from './size-results.ts';
import { type StressResult, stress } from './stress.ts';
import { stressDocument } from './stress-document.ts';
import { type StressFlags, stressFlags } from './stress-flags.ts';
import type { StressOptions } from './stress-options.ts';
import { chooseOptions } from './stress-settings.ts';

/** The command for yargs. */
export function stressCommand(surroundings: Surroundings): CommandModule<object, StressFlags> {
  return {
    command: 'stress',
    describe: 'load + observe + judge + report',
    builder: stressFlags as unknown as (yargs: Argv<object>) => Argv<StressFlags>,
    handler: (argv) => run(argv, surroundings),
  };
}

async function run(argv: StressFlags, asked: Surroundings): Promise<void> {
  const page = argv.ui ? await (await import('./live-page.ts')).openLivePage() : undefined;
  const signal = page ? AbortSignal.any([asked.signal, page.signal]) : asked.signal;
  if (page) asked.stderr.write(`live: ${page.url}\n`);
  let reportDir: string | undefined;
  try {
    reportDir = await runAll(argv, { ...asked, signal }, page);
  } finally {
    await page?.end(reportDir);
  }
}

/** Runs on each machine and prints what came of it; returns the folder of the report that says most. */
async function runAll(
  argv: StressFlags,
  surroundings: Surroundings,
  page: LivePage | undefined,
): Promise<string | undefined> {
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
  // What one takes is seen in the run only where a command runs in it.
  if (settings.during === undefined) chooseBuilds(argv, undefined);
  const margins = (argv.margin ?? []).map(parseMargin);
  if (margins.length > 0 && machines.length < 2)
    throw new UserError(
      `--margin compares two machines${warning === undefined ? ': give two with --instances' : `, and there is one: ${warning}`}`,
    );
  const profiles = machines.map((machine) => profileFor(settings.profile, machine, warning !== undefined));
  const pair = choosePair(argv);
  const runs: StressResult[] = [];
  let blocks: readonly Block[] = [];
  const one = (more: Partial<StressOptions>): Promise<StressResult> => {
    // Two at once would draw over each other.
    const quiet = argv.quiet || pair?.order === 'at-once';
    const progress = quiet ? noProgress : showProgress(stderr, live, more.profile ?? settings.profile);
    const { onStage } = progress;
    // Nor can one page show two runs at a time.
    const watched = pair?.order === 'at-once' ? undefined : page;
    watched?.begin(more.name ?? (more.profile ?? settings.profile).name, settings.generators);
    const onLine = (line: Line): void => {
      progress.onLine(line);
      watched?.onLine(line);
    };
    const options = { ...settings, datadog, emulation: undefined, warning, onLine, onStage, ...more };
    return stress(options).finally(progress.end);
  };
  if (pair) {
    const done = await runPair(pair, signal, ({ target, instance }, stop) => {
      const name = settings.name ?? instance?.instanceType;
      say(`${name ?? target.host}: ${target.href}`);
      // The monitors are those of one host.
      return one({
        target,
        instance,
        name,
        signal: stop,
        ...(target.href !== settings.target?.href && { datadog: undefined }),
      });
    });
    runs.push(...done.results);
    blocks = done.blocks;
  }
  for (const [index, emulation] of pair ? [] : machines.entries()) {
    const profile = profiles[index] ?? settings.profile;
    const [first] = runs;
    if (emulation && first && !argv.quiet) {
      const { announcePrediction } = await import('../../reports/sizing/grade-predictions.ts');
      const seen = { run: first.run, observed: readObserved(first.dir) };
      const sentence = announcePrediction(seen, emulation.type);
      if (sentence !== undefined) say(sentence);
    }
    if (emulation) say(`${emulation.type.instanceType}, emulated`);
    runs.push(await one({ profile, name: settings.name ?? emulation?.type.instanceType, emulation }));
    if (signal.aborted) break;
  }
  const sized = await sizeResults(runs, types, argv, traffic);
  const compared = sized?.compared;
  const results = sized?.results ?? runs;
  const decided = pair ? undefined : await comparePair(results, margins, compared);
  const byMargin = decided && margins.length > 0 ? [decided.comparison.exitCode] : [];
  const exitCode = chooseExitCode(signal, [...results.map(({ judged }) => judged.exitCode), ...byMargin]);
  const { renderQuestions, summarizeReport } = await import('../../reports/render/terminal.ts');
  const { summarizeDecision } = await import('../../reports/render/comparison-markdown.ts');
  const { renderSizing } = await import('../../reports/messages/sizing-text.ts');
  const { withText } = await import('../../reports/messages/text-of.ts');
  if (argv.json)
    stdout.write(`${JSON.stringify(stressDocument(results, exitCode, compared, decided, blocks), withText, 2)}\n`);
  else {
    for (const { judged, reportDir } of results)
      stdout.write(`${summarizeReport(judged, { color })}\nreport: ${reportDir}/index.html\n`);
    if (warning !== undefined) stdout.write(`\n${warning}\n`);
    if (compared) stdout.write(`\n${renderSizing(compared.sizing, { color })}\n`);
    for (const { text } of compared?.predictions ?? []) stdout.write(`${text}\n`);
    const [first] = results;
    const machine = results.length > 1 ? first?.run.target.instanceType : undefined;
    if (first) stdout.write(`\n${renderQuestions(first.judged, machine)}\n`);
    if (decided)
      stdout.write(
        `\n${summarizeDecision(decided.comparison, { color })}\ncomparison: ${decided.reportDir}/index.html\n`,
      );
    if (blocks.length > 0) stdout.write(`\n${summarizeBlocks(blocks)}\n`);
  }
  exit(exitCode);
  return decided?.reportDir ?? results.at(-1)?.reportDir;
}
