// What one run holds open while it goes, and how all of it is closed.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EmulatedInstance } from '../../../loadtest/emulation/emulated-instance.ts';
import type { PortBandwidth } from '../../../loadtest/emulation/port-bandwidth.ts';
import type { VcpuShare } from '../../../loadtest/emulation/vcpu-share.ts';
import { type Generators, startGenerators } from '../../../loadtest/generators/generators.ts';
import type { StopReason } from '../../../loadtest/run/load-plan.ts';
import type { Nginx } from '../../../loadtest/target/nginx.ts';
import type { StartedApp } from '../../../loadtest/target/started-app.ts';
import { proxyService } from '../../../model/catalogue/box-programs.ts';
import type { Finding } from '../../../model/finding.ts';
import type { OutOfMemory } from '../../../model/run-record.ts';
import type { HostLine } from '../../../model/second.ts';
import { createRunFolder, fullDisk, type RunFolder } from '../../../model/write-run.ts';
import type { LocalApp } from '../../../monitors/collectors/linux-reader.ts';
import { startSources } from '../../../monitors/collectors/source-choice.ts';
import { runId } from '../../cli/run-id.ts';
import type { DatadogSession } from '../../datadog/datadog-session.ts';
import type { OtlpSession } from '../../datadog/otlp-session.ts';
import { commandFinding } from '../../messages.ts';
import type { StressOptions } from '../options/stress-options.ts';
import type { CheckedRun } from './check-run.ts';

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
  /** That was started for the run; absent for a running target, and where it could not be started. */
  app?: StartedApp;
  /** The processes of the app on this machine; absent where they are not known. */
  local?: LocalApp | undefined;
  /** Why they are not. */
  unknown?: Finding;
  /** How many vCPUs of its emulated instance an app of the user's keeps busy, and what one of them is. */
  kept?: { readonly workers: number; readonly share: VcpuShare };
  /** What kept it from starting. */
  outOfMemory?: OutOfMemory;
  emulated?: EmulatedInstance | undefined;
  nginx?: Nginx;
  /** Of its emulated instance, where that is limited. */
  network?: PortBandwidth;
  /** Cores of an emulated instance since each of its vCPUs has one; absent before. */
  wholeVcpus?: number | undefined;
  sources?: Awaited<ReturnType<typeof startSources>>;
  session?: DatadogSession | undefined;
  otlp?: OtlpSession | undefined;
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
  const starting = startGenerators(options.generators, options.environment, options.walk !== undefined);
  // A failure is thrown where they are awaited.
  starting.catch(() => {});
  return { startedAt, folder, stopped, onUserStop, starting, gaps: new Set(), onSample: () => {}, begun: false };
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
    app: open.local,
    ...(nginx && { beside: { name: proxyService, pids: () => [nginx.pid] } }),
    awake: measuredCores?.awake,
  });
}

/** Closes whatever was opened, also when one of it does not close; that is thrown afterwards. A run that never began leaves nothing behind. */
export async function closeRun(open: OpenRun, { signal }: StressOptions): Promise<void> {
  signal.removeEventListener('abort', open.onUserStop);
  await closeAll([
    () => open.sources?.stop(),
    () => open.session?.close(),
    () => open.otlp?.close(),
    async () => (await open.starting.catch(() => undefined))?.close(),
    () => open.network?.release(),
    () => open.nginx?.stop(),
    () => (open.emulated ?? open.app)?.stop(),
    () => open.folder.close(),
    () => {
      const unneeded = open.begun ? [appData(open), nginxFolder(open)] : [open.folder.dir];
      for (const folder of unneeded) rmSync(folder, { recursive: true, force: true });
    },
  ]);
}

async function closeAll(closings: readonly (() => Promise<void> | void)[]): Promise<void> {
  const failed: unknown[] = [];
  for (const close of closings) {
    try {
      await close();
    } catch (error) {
      failed.push(error);
    }
  }
  if (failed.length > 0) throw failed[0];
}

/** Where the shortener keeps its links. */
export function appData({ folder }: Pick<OpenRun, 'folder'>): string {
  return join(folder.dir, 'app-data');
}

export function nginxFolder({ folder }: OpenRun): string {
  return join(folder.dir, 'nginx');
}

/** The reason is a finding already where another run stopped this one. */
function stopReason({ reason }: AbortSignal): StopReason {
  return typeof reason.reason === 'string'
    ? { ...reason, reason: commandFinding('interrupted', { reason: reason.reason }) }
    : reason;
}
