// `headroom stress` as a command: plan -> run all targets -> report -> print.
import type { Argv, CommandModule } from 'yargs';
import { checkOwnNetwork, isInOwnNetwork, runInOwnNetwork } from '../../loadtest/emulation/own-network.ts';
import type { CommandContext } from '../cli/context.ts';
import { blocksExitCode, chooseExitCode, comparisonExitCode } from '../cli/exit-code.ts';
import { printAnswer } from '../cli/print-answer.ts';
import { type StressFlags, stressFlags } from './flags/stress-flags.ts';
import { answerOnce } from './once.ts';
import { describeOutcome } from './outcome/print-outcome.ts';
import { type Outcome, reportFinished, reportRuns } from './outcome/report-runs.ts';
import { stressDocument } from './outcome/stress-document.ts';
import { refuseOutside } from './plan/flags-apply.ts';
import { planStress, type StressPlan } from './plan/stress-plan.ts';
import { runTargets } from './run-targets.ts';

/** The command for yargs. */
export function stressCommand(context: CommandContext): CommandModule<object, StressFlags> {
  return {
    command: 'stress',
    describe: 'Load a web app, observe its host and report whether a smaller instance type fits.',
    builder: (yargs) => stressFlags(yargs, context.invocation) as unknown as Argv<StressFlags>,
    handler: (argv) => run(argv, context),
  };
}

/** --once asks about requests, not about machines. */
const notEmulated = {
  emulate: 'never',
  emulateNetwork: false,
  credits: undefined,
  creditClock: undefined,
  vcpuShare: undefined,
} as const;

async function run(argv: StressFlags, context: CommandContext): Promise<void> {
  const { environment, words } = context;
  if (argv.emulateNetwork && !argv.once && !isInOwnNetwork(environment)) {
    refuseOutside(argv);
    await checkOwnNetwork(environment);
    return context.exit(await runInOwnNetwork(words, environment, context.signal));
  }
  const { stderr, live } = context;
  const say = (text: string): void => {
    // Over the line that progress redraws.
    if (!argv.quiet) stderr.write(`${live ? '\r\u001b[2K' : ''}${text}\n`);
  };
  const plan = await planStress(argv.once ? { ...argv, ...notEmulated } : argv, context, say);
  if (argv.once) {
    printAnswer(context, { json: argv.json, quiet: false }, await answerOnce(plan, { signal: context.signal, say }));
    return;
  }
  const page = argv.ui ? await (await import('./live-page.ts')).openLivePage() : undefined;
  if (page) stderr.write(`live page: ${page.url}\n`);
  const signal = page ? AbortSignal.any([context.signal, page.signal]) : context.signal;
  let reportDir: string | undefined;
  try {
    const around = { stderr, live, signal, quiet: argv.quiet, page, say };
    const finished = await runTargets(plan, around, reportFinished);
    const outcome = await reportRuns(plan, finished);
    reportDir = outcome.decided?.reportDir ?? outcome.results.at(-1)?.reportDir;
    await print(argv, { ...context, signal }, plan, outcome);
  } finally {
    await page?.end(reportDir);
  }
}

async function print(
  argv: StressFlags,
  context: CommandContext,
  { warning, traffic }: StressPlan,
  outcome: Outcome,
): Promise<void> {
  const { results, decided, blocks, sizing } = outcome;
  const exitCode = chooseExitCode(context.signal, [
    ...results.map(({ judged }) => judged.exitCode),
    ...(decided ? [comparisonExitCode(decided.comparison, argv.failOn)] : []),
    blocksExitCode(blocks, argv.failOn),
    // Without traffic a sizing is no question that a valid run could leave open.
    ...(traffic ? [sizing?.sizing.exitCode ?? 4] : []),
  ]);
  const { color, columns } = context;
  // --quiet leaves out the progress only: the result is what the command was started for.
  printAnswer(
    context,
    { json: argv.json, quiet: false },
    {
      document: stressDocument(outcome, exitCode),
      text: await describeOutcome(outcome, { warning, color, columns, verbose: argv.verbose }),
      exitCode,
    },
  );
}
