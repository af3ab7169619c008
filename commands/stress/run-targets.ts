// The runs of one command: on each emulated instance in turn, on the machines of --pair, or on one target.
import type { StopReason } from '../../loadtest/run/load-plan.ts';
import { alone, type Turn, takeTurns } from '../../loadtest/run/turns.ts';
import type { Finding } from '../../model/finding.ts';
import { plannedS, usualS } from '../../model/profile.ts';
import type { Line } from '../../model/second.ts';
import { makeRunsFolder } from '../../model/write-run.ts';
import type { CommandContext } from '../cli/context.ts';
import { commandFinding } from '../messages.ts';
import type { LivePage } from './live-page.ts';
import { livePlan } from './live-plan.ts';
import { type Measuring, openMeasuring } from './measuring.ts';
import type { Emulation } from './options/emulation.ts';
import type { StressOptions } from './options/stress-options.ts';
import { checkPair } from './plan/check-pair.ts';
import type { StressPlan } from './plan/stress-plan.ts';
import { noProgress, type Progress, showProgress } from './progress.ts';
import { checkRun } from './run/check-run.ts';
import { type PairedRuns, runPair } from './run/pair.ts';
import { type FinishedRun, stress } from './run/stress.ts';

type Watching = Pick<CommandContext, 'stderr' | 'live' | 'signal'> & {
  readonly quiet: boolean;
  readonly page: LivePage | undefined;
  readonly say: (text: string) => void;
};

type Given = Watching & { readonly measuring: Measuring };

/** Runs on all targets. When one of them fails, the runs that are finished go to `onFailure` first. */
export async function runTargets(
  plan: StressPlan,
  around: Watching,
  onFailure: (finished: readonly FinishedRun[]) => Promise<void>,
): Promise<PairedRuns> {
  const finished: FinishedRun[] = [];
  // What is wrong shows before anything is measured.
  if (plan.pair) await checkPair(plan.settings, plan.pair);
  else for (const { profile } of plan.machines) checkRun({ ...plan.settings, profile });
  makeRunsFolder(plan.settings.out);
  const measuring = await openMeasuring(plan);
  const findings = [...measuring.findings, ...findSequence(plan)];
  for (const { text } of findings) around.say(text ?? '');
  const given = { ...around, measuring: { ...measuring, findings } };
  const run = async (options: Partial<StressOptions>, progress?: Progress): Promise<FinishedRun> => {
    const done = await runOnce(plan, given, options, progress);
    finished.push(done);
    return done;
  };
  try {
    if (plan.pair) return await runBoth(plan, plan.pair, around, run);
    if (isInTurn(plan)) await runInTurn(plan, given, run);
    else await runInSequence(plan, around, run, finished);
    return { runs: inOrder(plan, finished), blocks: [] };
  } catch (error) {
    await onFailure(finished);
    throw error;
  } finally {
    await measuring.close();
  }
}

type Run = (options: Partial<StressOptions>, progress?: Progress) => Promise<FinishedRun>;

/**
 * Several emulated types are alive at once, unless a log is replayed, their credits run faster than in life, monitors watch this machine, or the app
 * has one port.
 */
function isInTurn({ machines, datadog, settings }: StressPlan): boolean {
  return (
    !datadog &&
    !settings.replay &&
    !settings.app?.fixed &&
    machines.length > 1 &&
    machines.every(({ emulation }) => emulation?.creditClock === 1)
  );
}

/** That an app with a port of its own is measured on one type after the other. */
function findSequence({ machines, settings: { app } }: StressPlan): Finding[] {
  return app?.fixed && machines.length > 1 ? [commandFinding('types-in-sequence', { port: app.fixed.port })] : [];
}

/** In the order in which the types were asked for, whichever ended first. */
function inOrder({ machines }: StressPlan, finished: readonly FinishedRun[]): FinishedRun[] {
  const place = ({ run }: FinishedRun) =>
    machines.findIndex(({ emulation }) => emulation?.type.instanceType === run.target.instanceType);
  return [...finished].sort((a, b) => place(a) - place(b));
}

const listOf = (names: readonly string[]): string => new Intl.ListFormat('en').format(names);

/** All of them at once, visited in turn. When one fails, the others are stopped, and the failure is thrown when all have ended. */
async function runInTurn(plan: StressPlan, around: Given, run: Run): Promise<void> {
  const { machines, settings } = plan;
  const { signal, quiet, page, stderr, live, say } = around;
  const names = machines.flatMap(({ emulation }) => emulation?.type.instanceType ?? []);
  const [usual, longestS] = [usualS, plannedS].map((of) =>
    machines.reduce((sum, { profile }) => sum + of(profile), 0),
  ) as [number, number];
  const [about, most] = [Math.ceil(usual / 60), Math.ceil(longestS / 60)];
  const atMost = most > about ? `, at most ${most} on a busy machine` : '';
  say(`${listOf(names)}, emulated and visited in turn: about ${about} min${atMost}`);
  const progress = quiet ? noProgress : showProgress(stderr, live, longestS);
  page?.begin(listOf(names), settings.generators, livePlan(machines[0]?.profile ?? settings.profile, longestS));
  const turns = takeTurns(machines.length);
  const failed = new AbortController();
  const failures: unknown[] = [];
  await Promise.all(
    machines.map(({ emulation, profile }, index) => {
      const name = names[index] as string;
      const options = {
        profile,
        name: settings.name ?? name,
        emulation,
        turn: turns[index] as Turn,
        signal: AbortSignal.any([signal, failed.signal]),
      };
      return run(options, { ...progress, onStage: (stage) => progress.onStage(stage, name), end: () => {} }).catch(
        (error) => {
          failures.push(error);
          failed.abort({ status: 'aborted', reason: commandFinding('other-run-failed') } satisfies StopReason);
        },
      );
    }),
  ).finally(progress.end);
  // The others' may be an effect of the stop.
  if (failures.length > 0) throw failures[0];
}

async function runInSequence(
  { machines, settings }: StressPlan,
  around: Watching,
  run: Run,
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
  run: Run,
): Promise<PairedRuns> {
  return runPair(pair, signal, ({ target, instance }, stop) => {
    const name = settings.name ?? instance?.instanceType;
    say(`${name ?? target.host}: ${target.href}`);
    // The monitors are those of the host of --target.
    const elsewhere = target.href !== settings.target?.href;
    return run({ target, instance, name, signal: stop, ...(elsewhere && { datadog: undefined }) });
  });
}

/** One run, with its progress on stderr and on the live page, which cannot show two runs of --pair at once. */
function runOnce(
  { settings, datadog, otlp, warning, pair }: StressPlan,
  { stderr, live, signal, quiet, page, measuring, say }: Given,
  options: Partial<StressOptions>,
  shared?: Progress,
): Promise<FinishedRun> {
  const isAlone = pair?.order !== 'at-once';
  const profile = options.profile ?? settings.profile;
  const progress = shared ?? (quiet || !isAlone ? noProgress : showProgress(stderr, live, plannedS(profile)));
  const watched = isAlone ? page : undefined;
  if (!shared) watched?.begin(options.name ?? profile.name, settings.generators, livePlan(profile, plannedS(profile)));
  const onLine = (line: Line): void => {
    progress.onLine(line);
    watched?.onLine(line);
  };
  const { close: _, ...measured } = measuring;
  const base = { emulation: undefined, warning, signal, say, onLine, onStage: progress.onStage, ...measured };
  return stress({ ...settings, datadog, otlp, turn: alone, ...base, ...options }).finally(progress.end);
}
