// The load of one run, and where each of its lines goes.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CoreWatch } from '../../../loadtest/run/core-watch.ts';
import type { CpuUsed } from '../../../loadtest/run/cpu-used.ts';
import { runDuring } from '../../../loadtest/run/during.ts';
import type { Found, LoadPlan, LoadResult, ReplayPlan, Starts, StopReason } from '../../../loadtest/run/load-plan.ts';
import { runLoad } from '../../../loadtest/run/run.ts';
import type { BurstableType } from '../../../model/catalogue/instance-catalogue.ts';
import { present } from '../../../model/present.ts';
import type { Line } from '../../../model/second.ts';
import type { CommandRecord } from '../../../model/stage/command-record.ts';
import type { StageRecord } from '../../../model/stage/stage-record.ts';
import { createRestWait } from '../../../monitors/collectors/host-at-rest.ts';
import type { LocalApp } from '../../../monitors/collectors/linux-reader.ts';
import { processCpuS } from '../../../monitors/collectors/proc/process-cpu.ts';
import { treeUse } from '../../../monitors/collectors/proc/process-use.ts';
import { countSystemShare } from '../../../monitors/collectors/proc/system-share.ts';
import { watchCores } from '../../../monitors/collectors/taken-cores.ts';
import { withoutSecrets } from '../flags/without-secrets.ts';
import type { ChosenCommand } from '../options/choose-command.ts';
import { isThrottled } from '../options/emulation.ts';
import type { StressOptions } from '../options/stress-options.ts';
import { startsOf } from './app-starts.ts';
import type { BegunRun } from './begin-run.ts';
import type { CheckedRun } from './check-run.ts';
import { followLines } from './follow-lines.ts';
import type { OpenRun } from './open-run.ts';

/** Between stages and probes the host has this long to become calm. */
const calmLimitMs = 2000;

/** Sends the load of the profile; every line is on disk before this returns. */
export async function sendLoad(
  open: OpenRun,
  options: StressOptions,
  checked: CheckedRun,
  begun: BegunRun,
): Promise<LoadResult> {
  const systemShare = open.local && countSystemShare(rootsOf(open, open.local));
  const starts = startsOf(open, options, () => systemShare?.count());
  const result = await sendAll(open, options, checked, begun, starts);
  return { ...result, ...present({ appSystemShare: systemShare?.share() }) };
}

async function sendAll(
  open: OpenRun,
  options: StressOptions,
  { routes, walk, sources }: CheckedRun,
  { origin, closesEach, generators, polls, record }: BegunRun,
  starts: Starts | undefined,
): Promise<LoadResult> {
  const { profile, seed, insecure, trace, shard, during } = options;
  const { folder } = open;
  const onLine = followLines(open, options);
  open.onSample = onLine;
  let found: Found = {};
  let stagesSoFar: readonly StageRecord[] = [];
  const local = sources.some(({ kind }) => kind === 'local');
  return runLoad({
    profile,
    origin,
    routes,
    walk,
    generators,
    polls,
    seed,
    insecure,
    trace,
    closesEach,
    shard,
    ...(during && { during: (signal) => runBeside(open, options, during, signal) }),
    calm: local ? await createRestWait(calmLimitMs, options.measuredCores?.awake) : async () => {},
    turn: options.turn,
    watch: watchOf(options),
    cpuS: cpuOf(open),
    starts,
    onVisit: beginVisit(open, options, onLine),
    signal: open.stopped.signal,
    onLine,
    ...(options.replay && {
      replay: { ...options.replay, headers: options.request.headers, bank: bankOf(open, options) },
    }),
    say: (finding) => options.say(finding.text ?? ''),
    onFound: (each) => {
      found = each;
      folder.writeRun(record({ stages: [...stagesSoFar], ...found }));
    },
    onStage: (stages) => {
      stagesSoFar = stages;
      folder.writeRun(record({ stages: [...stages], ...found }));
      options.onStage(stages.at(-1) as StageRecord);
    },
  });
}

/** Gives the emulated instance the CPU that each visit is to be measured with. */
function beginVisit(
  open: OpenRun,
  { emulation }: StressOptions,
  onSample: (line: Line) => void,
): NonNullable<LoadPlan['onVisit']> {
  const { emulated } = open;
  let besideBegun = false;
  return (role, lead) => {
    const spendsCredits = role !== 'idle' && role !== 'warm-up';
    if (emulation && spendsCredits) emulated?.startCredits({ ...emulation, onSample });
    // Each time: while others are visited, credits are earned.
    const throttled = emulation && isThrottled(emulation);
    if (role === 'sustained' || (throttled && spendsCredits)) emulated?.[lead ? 'lendCpu' : 'emptyCredits']();
    if (role !== 'beside' || besideBegun) return;
    besideBegun = true;
    open.wholeVcpus = emulated?.useWholeVcpus();
  };
}

/** The app's processes, and nginx in the path. */
function rootsOf({ nginx }: OpenRun, local: LocalApp): () => readonly number[] {
  return () => [...local.pids(), ...(nginx ? [nginx.pid] : [])];
}

/** Of the cores that are measured, an instance with fewer vCPUs uses fewer. */
function watchOf({ watch, emulation }: StressOptions): CoreWatch | undefined {
  if (!watch || !emulation) return watch;
  const cores = Math.ceil(emulation.type.vcpus * emulation.share.withCredits);
  return { ...watch, look: () => watch.look(cores) };
}

/** Of an app that did not start: what stopped the run is all that there is. */
export function nothingSent({ stopped }: OpenRun): LoadResult {
  const { status, reason } = stopped.signal.reason as StopReason;
  const validity = { verdict: 'inconclusive' as const, reasons: [reason] };
  return { status, statusReason: reason, stages: [], validity, warnings: [], use: {} };
}

/** Of the app, and of nginx before it: by their control group, or by the kernel's count of their processes. */
function cpuOf(open: OpenRun): (() => CpuUsed) | undefined {
  const { emulated, local, nginx } = open;
  const ofNginx = nginx && processCpuS(() => [nginx.pid]);
  const ofApp = emulated
    ? () => emulated.group.use().cpuUs / 1e6 - emulated.commandsUsedS()
    : local && processCpuS(rootsOf(open, local));
  return ofApp && (() => present({ appCpuS: ofApp(), nginxCpuS: ofNginx?.() }));
}

/** What a replay spends: where the credits of an emulated instance run as fast as the log, and are none that never run out. */
function bankOf({ emulated }: OpenRun, { emulation, replay }: StressOptions): ReplayPlan['bank'] {
  const type = emulation?.type;
  if (!emulation || !type?.credits || type.credits.defaultMode !== 'standard') return undefined;
  if (emulation.creditClock !== replay?.record.speed) return undefined;
  return {
    type: type as BurstableType,
    start: emulation.start,
    creditClock: emulation.creditClock,
    vcpuShare: emulation.share.withCredits,
    firstThrottleS: () => {
      const { firstThrottleMs } = emulated?.credits() ?? {};
      return firstThrottleMs === undefined ? undefined : firstThrottleMs / 1000;
    },
  };
}

/** Runs the command where the app runs, and removes what it made. */
async function runBeside(
  { folder, emulated, wholeVcpus: vcpus }: OpenRun,
  { givenEnvironment: environment }: StressOptions,
  { line, directory, made = [] }: ChosenCommand,
  signal: AbortSignal,
): Promise<CommandRecord> {
  const group = emulated?.openCommand(/^nice\b/.test(line));
  const logFile = join(folder.dir, 'during.log');
  const taken = watchCores()?.();
  try {
    const record = await runDuring(line, {
      logFile,
      environment,
      directory,
      group,
      treeUse: treeUse(),
      signal,
    });
    return { ...record, line: withoutSecrets(line), ...taken?.(), ...(vcpus !== undefined && { vcpus }) };
  } finally {
    await group?.close();
    for (const name of made) rmSync(join(directory ?? '', name), { recursive: true, force: true });
  }
}
