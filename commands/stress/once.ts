// --once: each route, or each step of a walk, sent once and shown, to check a profile before the load.

import type { StopReason } from '../../loadtest/run/load-plan.ts';
import { alone } from '../../loadtest/run/turns.ts';
import { type StepSeen, sendOnce, walkOfRoute } from '../../loadtest/target/send-once.ts';
import type { WalkPlan } from '../../loadtest/walks/read-walk.ts';
import { UserError } from '../../model/user-error.ts';
import { makeRunsFolder } from '../../model/write-run.ts';
import type { StressOptions } from './options/stress-options.ts';
import { describeOnce, showStep } from './outcome/describe-once.ts';
import type { StressPlan } from './plan/stress-plan.ts';
import { type CheckedRun, checkRun } from './run/check-run.ts';
import { closeRun, openRun } from './run/open-run.ts';
import { startTarget } from './run/start-target.ts';

/** First bytes of each body. */
const bodyBytes = 4096;

type Answer = { readonly document: unknown; readonly text: string; readonly exitCode: number };

/**
 * Exit code 3 when a response was not as expected, and that of the signal when the user stopped it: with what was seen by then. Throws a
 * UserError where the target cannot be reached.
 */
export async function answerOnce(
  { settings }: StressPlan,
  around: Pick<StressOptions, 'signal' | 'say'>,
): Promise<Answer> {
  const options: StressOptions = {
    ...settings,
    ...around,
    generators: 1,
    emulation: undefined,
    measuredCores: undefined,
    watch: undefined,
    vcpuSpeed: () => ({}),
    turn: alone,
    findings: [],
    warning: undefined,
    datadog: undefined,
    otlp: undefined,
    onLine: () => {},
    onStage: () => {},
  };
  const checked = checkRun(options);
  const walks = plansOf(checked);
  const { target } = settings;
  const seen = target
    ? await sendAll(target.origin, walks, options)
    : await withApp(options, checked, (origin) => sendAll(origin, walks, options));
  const steps = seen.map((each) => showStep(each, Object.keys(settings.request.headers)));
  const { signal, say } = around;
  const stopped = signal.aborted ? (signal.reason as { reason: string; exitCode: number }) : undefined;
  if (stopped) say(`headroom: ${stopped.reason}`);
  const isCut = stopped !== undefined || checked.walk !== undefined;
  const names = walks.flatMap((walk) => walk.steps).map(({ name }) => name);
  const left = isCut ? names.slice(steps.length) : [];
  const exitCode = stopped?.exitCode ?? (steps.some(({ failure }) => failure) ? 3 : 0);
  const error = stopped && { error: stopped.reason };
  return {
    document: { ...(target && { target: target.origin }), steps, notSent: left, ...error, exitCode },
    text: describeOnce(steps, left, stopped?.reason),
    exitCode,
  };
}

/** Of routes of one name, like those of the shortener's links, the first. */
function plansOf({ walk, routes }: CheckedRun): readonly WalkPlan[] {
  if (walk) return [walk];
  return [...new Map(routes.toReversed().map((route) => [route.name, route])).values()].reverse().map(walkOfRoute);
}

/** All of them, or those until the user stopped it. */
async function sendAll(
  origin: string,
  walks: readonly WalkPlan[],
  { insecure, profile, signal }: StressOptions,
): Promise<StepSeen[]> {
  const seen: StepSeen[] = [];
  const asked = { insecure, timeoutS: profile.timeoutS, bodyBytes, signal };
  try {
    for (const walk of walks) for await (const each of sendOnce(origin, walk, asked)) seen.push(each);
  } catch (error) {
    if (!signal.aborted || !(error instanceof UserError)) throw error;
  }
  return seen;
}

/** Starts the app, or the shortener, in a run folder that goes with it. */
async function withApp(
  options: StressOptions,
  checked: CheckedRun,
  use: (origin: string) => Promise<StepSeen[]>,
): Promise<StepSeen[]> {
  makeRunsFolder(options.out);
  const open = openRun(options);
  try {
    await startTarget(open, options, checked);
    const { app, nginx } = open;
    if (options.signal.aborted) return [];
    if (!app) throw new UserError((open.stopped.signal.reason as StopReason).reason.text ?? 'The app did not start');
    return await use(new URL((nginx ?? app).url).origin);
  } finally {
    await closeRun(open, options);
  }
}
