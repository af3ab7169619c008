// Starts what the load goes to: the user's app or the shortener, emulated or on this machine as it is; or finds the app that runs already.
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { nanoid } from 'nanoid';
import { startEmulatedInstance } from '../../../loadtest/emulation/emulated-instance.ts';
import { limitPort } from '../../../loadtest/emulation/port-bandwidth.ts';
import { type Inside, StartedOutOfMemory } from '../../../loadtest/emulation/start-inside.ts';
import { loadFinding } from '../../../loadtest/messages.ts';
import type { StopReason } from '../../../loadtest/run/load-plan.ts';
import { AppNotEnded, startApp } from '../../../loadtest/target/app-command.ts';
import { startNginx } from '../../../loadtest/target/nginx.ts';
import { startShortener } from '../../../loadtest/target/shortener.ts';
import type { StartedApp } from '../../../loadtest/target/started-app.ts';
import type { Finding } from '../../../model/finding.ts';
import type { Profile } from '../../../model/profile.ts';
import type { OutOfMemory } from '../../../model/run-record.ts';
import { UserError } from '../../../model/user-error.ts';
import { findNewListeners, listenedPorts } from '../../../monitors/collectors/proc/port-listeners.ts';
import { livingFamily, markedProcesses } from '../../../monitors/collectors/proc/process-family.ts';
import type { StressOptions } from '../options/stress-options.ts';
import type { CheckedRun } from './check-run.ts';
import { countWorkers } from './count-workers.ts';
import { appData, nginxFolder, type OpenRun } from './open-run.ts';
import { findRunning } from './running-app.ts';

/**
 * Starts it. An app that the kernel killed for want of memory before it answered is an answer: the run ends there, with that reason. Also where
 * the user stops the run meanwhile nothing is thrown, and nothing was started.
 */
export async function startTarget(open: OpenRun, options: StressOptions, checked: CheckedRun): Promise<void> {
  const { target, emulation, measuredCores } = options;
  const environment = options.app ? options.givenEnvironment : options.environment;
  if (target) {
    const { app, unknown } = findRunning(target, options.running);
    Object.assign(open, { local: app, ...(unknown && { unknown }) });
    return;
  }
  const abort = (reason: Finding): void => open.stopped.abort({ status: 'aborted', reason } satisfies StopReason);
  const start = (inside: Inside) => startInside(open, options, inside);
  try {
    if (emulation && measuredCores)
      open.emulated = await startEmulatedInstance({ ...emulation, measuredCores, environment, start });
    open.app = open.emulated?.app ?? (await start({ environment, workers: options.instance?.vcpus ?? 1, enter: [] }));
  } catch (error) {
    if (error instanceof StartedOutOfMemory) {
      open.outOfMemory = error.found;
      abort(outOfMemory(options, error.found));
    } else if (!isEffectOf(open.stopped.signal, error)) throw error;
    return;
  }
  open.local = open.app;
  const { emulated, app } = open;
  if (options.nginx !== undefined) {
    open.nginx = await startNginx({
      program: options.nginx,
      appUrl: app.url,
      folder: nginxFolder(open),
      workers: (emulation?.type ?? options.instance)?.vcpus ?? availableParallelism(),
      connections: mostConnections(options.profile.stages),
      enter: emulated?.group.entries,
    });
  }
  void app.died.then((reason) => {
    const killed = emulated?.outOfMemory();
    abort(killed ? outOfMemory(options, killed) : reason);
  });
  void emulated?.limitLost.then(abort);
  void open.nginx?.died.then(abort);
  if (options.app && emulated && emulation) {
    const workers = await countWorkers(app, checked, emulation.type.vcpus, open.stopped.signal);
    open.kept = { workers, share: emulated.narrow(workers) };
  }
  if (emulation?.networkMbps !== undefined)
    open.network = await limitPort(Number(new URL((open.nginx ?? app).url).port || 80), emulation.networkMbps);
}

/** An app that exits because the user stopped the run, at its start, is no news; what is a bug, or has left processes, is. */
function isEffectOf({ aborted, reason }: AbortSignal, error: unknown): boolean {
  return aborted && (error === reason || (error instanceof UserError && !(error instanceof AppNotEnded)));
}

function startInside(open: OpenRun, options: StressOptions, inside: Inside): Promise<StartedApp> {
  const { app, say, withheld } = options;
  if (!app) {
    // Behind nginx, as on the box.
    const environment = { ...inside.environment, ...(options.nginx !== undefined && { TRUST_PROXY: 'loopback' }) };
    return startShortener({ ...inside, environment, dataDir: appData(open), sessionSecret: nanoid(32) });
  }
  return startApp({
    ...app,
    ...inside,
    logFile: join(open.folder.dir, 'app.log'),
    view: { family: livingFamily, marked: markedProcesses, ports: listenedPorts, listeners: findNewListeners },
    signal: open.stopped.signal,
    say,
    withheld,
  });
}

function outOfMemory({ emulation }: StressOptions, found: OutOfMemory): Finding {
  return loadFinding('app-out-of-memory', { ...found, instanceType: emulation?.type.instanceType ?? 'machine' });
}

/** That a stage of the profile opens at once. */
function mostConnections(stages: Profile['stages']): number {
  const each = stages.flatMap((stage) => [
    ...('connections' in stage ? [stage.connections].flat() : []),
    ...('maxConnections' in stage ? [stage.maxConnections] : []),
  ]);
  return Math.max(0, ...each);
}
