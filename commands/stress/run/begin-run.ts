// The last checks before the load, and the record as it begins.
import type { Generators } from '../../../loadtest/generators/generators.ts';
import { requestAt } from '../../../loadtest/replay/recorder.ts';
import { measureClockOffset } from '../../../loadtest/target/clock-offset.ts';
import { type Preflight, preflight, preflightWalk } from '../../../loadtest/target/preflight.ts';
import { firstPathOf } from '../../../loadtest/target/send-once.ts';
import type { Finding } from '../../../model/finding.ts';
import { isHere } from '../../../model/is-here.ts';
import { kindOf, plannedS, type Route } from '../../../model/profile.ts';
import type { RunRecord, Target } from '../../../model/run-record.ts';
import { UserError } from '../../../model/user-error.ts';
import { openDatadogSession } from '../../datadog/datadog-session.ts';
import { openOtlpSession } from '../../datadog/otlp-session.ts';
import { commandFinding } from '../../messages.ts';
import { withHeaders } from '../flags/request-flags.ts';
import type { Emulation } from '../options/emulation.ts';
import type { Replay } from '../options/read-replay.ts';
import { findReplayNotes } from '../options/replay-notes.ts';
import type { StressOptions } from '../options/stress-options.ts';
import type { CheckedRun } from './check-run.ts';
import type { OpenRun } from './open-run.ts';
import { describeTarget, startRecord } from './start-record.ts';

export type BegunRun = {
  readonly target: Target;
  readonly origin: string;
  readonly closesEach: boolean;
  readonly generators: Generators;
  /** See LoadPlan. */
  readonly polls: boolean;
  readonly warnings: readonly Finding[];
  /** The record as it began, with changes. */
  readonly record: (changes?: Partial<RunRecord>) => RunRecord;
};

/** Shards whose clocks differ by more are not merged with a verdict. */
const clockLimitMs = 1000;

/** Checks the target, writes the first record and opens the Datadog session. Throws a UserError where the target cannot be loaded. */
export async function beginRun(open: OpenRun, options: StressOptions, checked: CheckedRun): Promise<BegunRun> {
  const target = describeTarget(options, open);
  const { origin } = new URL(target.url);
  const { routes, thresholds } = checked;
  const isThere = options.target !== undefined || open.app !== undefined;
  const { findings, closesEach } = isThere
    ? await askUnlessStopped(origin, options, checked, open.stopped.signal)
    : notAsked;
  // Shards on several machines have only the target's clock in common.
  const offset =
    options.shard && (await measureClockOffset(new URL(firstPath(checked, origin), origin), options.insecure));
  const clock = offset && 'clock' in offset ? offset.clock : undefined;
  const warnings = [
    ...findings,
    ...(open.unknown ? [open.unknown] : []),
    ...findWarnings(options, checked, offset && 'missing' in offset ? offset.missing : undefined),
    ...(clock && Math.abs(clock.offsetMs) - clock.uncertaintyMs > clockLimitMs
      ? [commandFinding('clock-differs', { offsetMs: clock.offsetMs })]
      : []),
  ];
  for (const { code, text = '' } of warnings) if (code === 'clock-differs') options.say(text);
  const generators = await open.starting;
  const polls = options.measuredCores?.keepOff(generators.pids) === true;
  const begin = { dir: open.folder.dir, startedAt: open.startedAt, target, routes, thresholds, warnings, clock };
  const record = (changes: Partial<RunRecord> = {}): RunRecord => ({ ...startRecord(options, begin), ...changes });
  open.folder.writeRun(record());
  open.begun = true;
  open.session =
    options.datadog &&
    (await openDatadogSession(options.datadog, record(), {
      plannedS: plannedS(options.profile),
      primary: checked.sources.find(({ kind }) => kind !== 'datadog')?.kind,
    }));
  if (options.otlp) {
    const url = new URL(target.url);
    const host = options.datadog?.host ?? (isHere(url) ? record().generator.hostname : url.hostname);
    open.otlp = await openOtlpSession(options.otlp, record(), { host, environment: options.tagEnvironment });
  }
  return { target, origin, closesEach, generators, polls, warnings, record };
}

/** Of a walk with the values of its first row. */
function firstPath({ walk, routes }: CheckedRun, origin: string): string {
  return walk ? firstPathOf(walk, origin) : (routes[0]?.path ?? '/');
}

const notAsked: Preflight = { findings: [], closesEach: false };

/** The user who stops the run does not wait for a target that is silent. */
async function askUnlessStopped(
  origin: string,
  options: StressOptions,
  checked: CheckedRun,
  signal: AbortSignal,
): Promise<Preflight> {
  try {
    return await askTarget(origin, options, checked, signal);
  } catch (error) {
    if (signal.aborted && error instanceof UserError) return notAsked;
    throw error;
  }
}

/** Asks the target for each of its routes once; see `preflight`. */
export async function askTarget(
  origin: string,
  { insecure, profile, replay, request }: Pick<StressOptions, 'insecure' | 'profile' | 'replay' | 'request'>,
  { routes, redirects, walk }: CheckedRun,
  signal?: AbortSignal,
): Promise<Preflight> {
  const asked = { insecure, timeoutS: profile.timeoutS, ...(signal && { signal }) };
  if (replay) {
    const first = withHeaders([firstOf(replay)], request.headers);
    const found = await preflight(origin, first, {}, { ...asked, closed: false });
    // That one request of the log redirects is nothing odd.
    return { ...found, findings: [] };
  }
  if (walk) return preflightWalk(origin, walk, asked);
  const closed = profile.stages.some((stage) => kindOf(stage).engine(stage) === 'closed');
  return preflight(origin, routes, redirects, { ...asked, closed });
}

/** Its most frequent request, whatever the answer is. Without its query: a message may show it. */
function firstOf({ recording, schedule }: Replay): Route {
  const times = new Map<number, number>();
  for (const request of schedule.request.subarray(0, 1000)) times.set(request, (times.get(request) ?? 0) + 1);
  const [most = 0] = [...times].sort(([, a], [, b]) => b - a)[0] ?? [];
  const path = requestAt(recording, most).path.replace(/\?.*/, '');
  const expect = Array.from({ length: 500 }, (_, index) => 100 + index);
  return { name: 'replay', method: 'GET', path, weight: 1, headers: {}, expect };
}

function noteNetwork(emulation: Emulation | undefined): Finding[] {
  if (emulation?.networkMbps === undefined) return [];
  const { type, networkMbps: mbps } = emulation;
  const burstMbps = 1000 * (type.network?.burstGbps ?? 0);
  return [commandFinding('network-emulated', { instanceType: type.instanceType, mbps, burstMbps })];
}

function findWarnings(options: StressOptions, { sources }: CheckedRun, missingClock: string | undefined): Finding[] {
  return [
    ...options.findings,
    ...(options.walk?.findings ?? []),
    ...(options.replay ? findReplayNotes(options.replay, options) : []),
    ...(options.noBuild ? [options.noBuild] : []),
    ...noteNetwork(options.emulation),
    ...(options.warning === undefined ? [] : [commandFinding('not-emulated', { warning: options.warning })]),
    ...(missingClock === undefined ? [] : [commandFinding('clock-offset-unknown', { reason: missingClock })]),
    ...(sources.length === 0 && !options.sources ? [commandFinding('target-is-remote')] : []),
    ...(options.datadog?.warnings ?? []),
  ];
}
