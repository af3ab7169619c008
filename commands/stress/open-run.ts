// What one run holds open while it goes, and how all of it is closed.
import { rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { nanoid } from 'nanoid';
import { type EmulatedInstance, startEmulatedInstance } from '../../loadtest/emulation/emulated-instance.ts';
import { type Generators, startGenerators } from '../../loadtest/generators/generators.ts';
import type { StopReason } from '../../loadtest/run/load-plan.ts';
import { type Nginx, startNginx } from '../../loadtest/target/nginx.ts';
import { type Shortener, startShortener } from '../../loadtest/target/shortener.ts';
import { proxyService } from '../../model/box-programs.ts';
import type { Finding } from '../../model/finding.ts';
import type { Profile } from '../../model/profile.ts';
import type { HostLine } from '../../model/second.ts';
import { createRunFolder, fullDisk, type RunFolder } from '../../model/write-run.ts';
import { startSources } from '../../monitors/collectors/source-choice.ts';
import { runId } from '../cli/run-id.ts';
import type { DatadogSession } from '../datadog/datadog-session.ts';
import { commandFinding } from '../messages.ts';
import type { CheckedRun } from './check-run.ts';
import type { StressOptions } from './stress-options.ts';

export type OpenRun = {
  readonly startedAt: Date;
  readonly folder: RunFolder;
  /** Aborted with a StopReason: by the user, a dead target or autostop. */
  readonly stopped: AbortController;
  readonly onUserStop: () => void;
  readonly starting: Promise<Generators>;
  /** Why node_exporter gave no sample. */
  readonly gaps: Set<string>;
  onSample: (line: HostLine) => void;
  /** The record is on disk, so the folder stays. */
  begun: boolean;
  shortener?: Shortener;
  emulated?: EmulatedInstance | undefined;
  nginx?: Nginx;
  /** Cores of an emulated instance since each of its vCPUs has one; absent before. */
  wholeVcpus?: number | undefined;
  sources?: Awaited<ReturnType<typeof startSources>>;
  session?: DatadogSession | undefined;
};

/** Creates the folder and begins to start the load generators, which takes as long as to start the target. */
export function openRun(options: StressOptions): OpenRun {
  const startedAt = new Date();
  const stopped = new AbortController();
  const onFull = (code: string): void => {
    const reason = commandFinding('seconds-not-written', { cause: fullDisk(code), at: new Date().toISOString() });
    stopped.abort({ status: 'aborted', reason } satisfies StopReason);
  };
  const folder = createRunFolder(options.out, runId(startedAt, options.name ?? options.profile.name), onFull);
  const onUserStop = (): void => stopped.abort(stopReason(options.signal));
  options.signal.addEventListener('abort', onUserStop, { once: true });
  if (options.signal.aborted) onUserStop();
  const starting = startGenerators(options.generators, options.environment);
  // A failure is thrown where they are awaited.
  starting.catch(() => {});
  return { startedAt, folder, stopped, onUserStop, starting, gaps: new Set(), onSample: () => {}, begun: false };
}

/** Starts the shortener where no target was given, emulated or on this machine as it is. */
export async function startTarget(open: OpenRun, options: StressOptions): Promise<void> {
  if (options.target) return;
  // Behind nginx, as on the box.
  const environment = { ...options.environment, ...(options.nginx !== undefined && { TRUST_PROXY: 'loopback' }) };
  const how = { dataDir: appData(open), environment, sessionSecret: nanoid(32) };
  const { emulation, measuredCores } = options;
  if (emulation && measuredCores) {
    open.emulated = await startEmulatedInstance({ ...how, ...emulation, measuredCores });
  }
  open.shortener =
    open.emulated?.shortener ?? (await startShortener({ ...how, workers: options.instance?.vcpus ?? 1 }));
  if (options.nginx !== undefined) {
    open.nginx = await startNginx({
      program: options.nginx,
      appUrl: open.shortener.url,
      folder: nginxFolder(open),
      workers: (emulation?.type ?? options.instance)?.vcpus ?? availableParallelism(),
      connections: mostConnections(options.profile.stages),
      enter: open.emulated?.group.entries,
    });
  }
  const abort = (reason: Finding): void => open.stopped.abort({ status: 'aborted', reason } satisfies StopReason);
  void open.shortener.died.then(abort);
  void open.emulated?.limitLost.then(abort);
  void open.nginx?.died.then(abort);
}

/** Starts the sources of host metrics; their samples go to `onSample`. */
export async function startObserving(
  open: OpenRun,
  { measuredCores }: StressOptions,
  { sources }: CheckedRun,
): Promise<void> {
  const { nginx } = open;
  open.sources = await startSources(sources, {
    onSample: (line) => open.onSample(line),
    onGap: (cause) => open.gaps.add(cause),
    ...(open.shortener && { app: open.shortener }),
    ...(nginx && { beside: { name: proxyService, pids: () => [nginx.pid] } }),
    awake: measuredCores?.awake,
  });
}

/** Closes whatever was opened. A run that never began leaves nothing behind. */
export async function closeRun(open: OpenRun, { signal }: StressOptions): Promise<void> {
  signal.removeEventListener('abort', open.onUserStop);
  await open.sources?.stop();
  await open.session?.close();
  const started = await open.starting.catch(() => undefined);
  started?.close();
  await open.nginx?.stop();
  await (open.emulated ?? open.shortener)?.stop();
  open.folder.close();
  const unneeded = open.begun ? [appData(open), nginxFolder(open)] : [open.folder.dir];
  for (const folder of unneeded) rmSync(folder, { recursive: true, force: true });
}

/** That a stage of the profile opens at once. */
function mostConnections(stages: Profile['stages']): number {
  const each = stages.flatMap((stage) => [
    ...('connections' in stage ? [stage.connections].flat() : []),
    ...('maxConnections' in stage ? [stage.maxConnections] : []),
  ]);
  return Math.max(0, ...each);
}

function appData({ folder }: OpenRun): string {
  return join(folder.dir, 'app-data');
}

function nginxFolder({ folder }: OpenRun): string {
  return join(folder.dir, 'nginx');
}

/** The reason is a finding already where another run stopped this one. */
function stopReason({ reason }: AbortSignal): StopReason {
  return typeof reason.reason === 'string'
    ? { ...reason, reason: commandFinding('interrupted', { reason: reason.reason }) }
    : reason;
}
