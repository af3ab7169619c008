// The runs of one command: on each emulated instance in turn, on the machines of --pair, or on one target.
import type { Line } from '../../model/second.ts';
import type { CommandContext } from '../cli/context.ts';
import type { Emulation } from './emulation.ts';
import type { LivePage } from './live-page.ts';
import { type PairedRuns, runPair } from './pair.ts';
import { noProgress, showProgress } from './progress.ts';
import { type FinishedRun, stress } from './stress.ts';
import type { StressOptions } from './stress-options.ts';
import type { StressPlan } from './stress-plan.ts';

export type Watching = Pick<CommandContext, 'stderr' | 'live' | 'signal'> & {
  readonly quiet: boolean;
  readonly page: LivePage | undefined;
  readonly say: (text: string) => void;
};

/** Runs on all targets. When one of them fails, the runs that are finished go to `onFailure` first. */
export async function runTargets(
  plan: StressPlan,
  around: Watching,
  onFailure: (finished: readonly FinishedRun[]) => Promise<void>,
): Promise<PairedRuns> {
  const finished: FinishedRun[] = [];
  const run = async (options: Partial<StressOptions>): Promise<FinishedRun> => {
    const done = await runOnce(plan, around, options);
    finished.push(done);
    return done;
  };
  try {
    if (plan.pair) return await runBoth(plan, plan.pair, around, run);
    await runInTurn(plan, around, run, finished);
    return { runs: finished, blocks: [] };
  } catch (error) {
    await onFailure(finished);
    throw error;
  }
}

async function runInTurn(
  { machines, settings }: StressPlan,
  around: Watching,
  run: (options: Partial<StressOptions>) => Promise<FinishedRun>,
  finished: readonly FinishedRun[],
): Promise<void> {
  for (const { emulation, profile } of machines) {
    if (emulation) await announce(emulation, finished[0], around);
    await run({ profile, name: settings.name ?? emulation?.type.instanceType, emulation });
    if (around.signal.aborted) return;
  }
}

/** Says which type comes next, and what the first run predicts for it. */
async function announce({ type }: Emulation, first: FinishedRun | undefined, { quiet, say }: Watching): Promise<void> {
  if (first && !quiet) {
    const { announcePrediction } = await import('../../reports/sizing/size-runs.ts');
    const prediction = announcePrediction(first, type);
    const { textOf } = await import('../../reports/messages/text-of.ts');
    if (prediction) say(textOf(prediction));
  }
  say(`${type.instanceType}, emulated`);
}

function runBoth(
  { settings }: StressPlan,
  pair: NonNullable<StressPlan['pair']>,
  { say, signal }: Watching,
  run: (options: Partial<StressOptions>) => Promise<FinishedRun>,
): Promise<PairedRuns> {
  return runPair(pair, signal, ({ target, instance }, stop) => {
    const name = settings.name ?? instance?.instanceType;
    say(`${name ?? target.host}: ${target.href}`);
    // The monitors are those of the host of --target.
    const elsewhere = target.href !== settings.target?.href;
    return run({ target, instance, name, signal: stop, ...(elsewhere && { datadog: undefined }) });
  });
}

/** One run, with its progress on stderr and on the live page. Neither can show two runs at once. */
function runOnce(
  { settings, datadog, warning, pair }: StressPlan,
  { stderr, live, signal, quiet, page }: Watching,
  options: Partial<StressOptions>,
): Promise<FinishedRun> {
  const alone = pair?.order !== 'at-once';
  const profile = options.profile ?? settings.profile;
  const progress = quiet || !alone ? noProgress : showProgress(stderr, live, profile);
  const watched = alone ? page : undefined;
  watched?.begin(options.name ?? profile.name, settings.generators);
  const onLine = (line: Line): void => {
    progress.onLine(line);
    watched?.onLine(line);
  };
  const { onStage } = progress;
  const all = { ...settings, datadog, emulation: undefined, warning, signal, onLine, onStage, ...options };
  return stress(all).finally(progress.end);
}
