// Any web app, started for a run by a line of the user's shell, as platforms do: PORT says where it has to listen, WEB_CONCURRENCY how many
// processes have a vCPU each.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { connect } from 'node:net';
import { uptime } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { nanoid } from 'nanoid';
import { UserError } from '../../model/user-error.ts';
import { endGroup, enterAndExec, signalOf, slowness } from '../generators/child.ts';
import { endWithHarness } from '../generators/end-with-harness.ts';
import { loadFinding } from '../messages.ts';
import { freePort } from './free-port.ts';
import { lastLines } from './last-lines.ts';
import { limitLog } from './limit-log.ts';
import { mostSlowness, waitUntilReady } from './readiness.ts';
import type { AppOptions, StartedApp } from './started-app.ts';

/** Something of the app is still there. */
export class AppNotEnded extends UserError {}

/** As systemd and platforms give an app between SIGTERM and SIGKILL. */
const usualGraceMs = 10_000;
const lookEveryMs = 50;

/**
 * Starts the app and resolves when it answers. Throws a UserError with the last lines that it wrote when it exits before, or does not answer in
 * time; nothing of it stays then.
 */
export async function startApp(options: AppOptions): Promise<StartedApp> {
  const { fixed, logFile, view } = options;
  const port = fixed ? await takePort(fixed) : await freePort();
  const startedS = uptime();
  // What leaves group and parent (setsid, a daemon) still has it in its environment.
  const mark = `HEADROOM_APP=${nanoid()}`;
  const { child, watcher } = spawnApp(options, port, mark);
  const stopLimit = limitLog(logFile);
  const root = child.pid as number;
  let stopping = false;
  const exited = once(child, 'exit').then(([code, signal]) => signalOf(code, signal) ?? `exit ${code}`);
  const known = new Set([root]);
  const family = (): readonly number[] => [...view.family(known), ...view.marked(mark)];
  // At a second Ctrl-C there is no time for order. Who ends with this process does so by its group, which a detached child has left.
  const endNow = (): void => {
    for (const pid of family()) for (const one of [-pid, pid]) kill(one, 'SIGKILL');
  };
  process.once('exit', endNow);
  const stop = async (): Promise<void> => {
    stopping = true;
    for (const pid of view.family(known)) known.add(pid);
    endGroup(child, 'SIGTERM');
    // A detached child leads a group of its own.
    for (const pid of known) if (pid !== root) kill(-pid, 'SIGTERM');
    // A daemon has left the group, and has no parent here; it may have an environment of its own.
    for (const pid of [...view.marked(mark), ...view.listeners(port, startedS)].filter((each) => !known.has(each))) {
      known.add(pid);
      kill(pid, 'SIGTERM');
    }
    const graceMs = options.graceMs ?? usualGraceMs * Math.min(mostSlowness, slowness());
    await endFamily(family, known, graceMs, () => {
      endGroup(child);
      options.say(`The app did not end within ${graceMs / 1000} s of SIGTERM, and was killed`);
    });
    // What its first process left behind is in the group still, and the child of none of them.
    endGroup(child);
    watcher.kill();
    process.off('exit', endNow);
    stopLimit();
  };
  try {
    const origins = fixed ? [fixed.origin] : [`http://127.0.0.1:${port}`, `http://[::1]:${port}`];
    const url = await waitUntilReady({ ...options, origins, port, root, exited });
    return {
      url,
      pids: () => [root],
      died: new Promise((resolve) => {
        void exited.then((how) => {
          if (!stopping) resolve(loadFinding('app-exited', { how, output: lastLines(logFile).join(' | ') }));
        });
      }),
      stop,
    };
  } catch (error) {
    return endFailed(stop, error);
  }
}

/** Nothing of an app that did not start stays; throws why it did not. */
async function endFailed(stop: () => Promise<void>, error: unknown): Promise<never> {
  await stop().catch((failed: Error) => {
    throw error instanceof UserError
      ? new AppNotEnded(`${error.message}\n${failed.message}`, { cause: error })
      : failed;
  });
  throw error;
}

function spawnApp(
  { line, directory, logFile, environment, workers, enter = [] }: AppOptions,
  port: number,
  mark: string,
) {
  const log = openSync(logFile, 'a');
  const words = [String(enter.length), ...enter, '/bin/sh', '-c', line];
  const child = spawn('/bin/sh', ['-c', enterAndExec, 'sh', ...words], {
    cwd: directory,
    env: { ...appEnvironment(environment, port, workers), ...Object.fromEntries([mark.split('=')]) },
    // Ctrl-C at a terminal reaches the harness alone, which then ends the rest in order. A pipe would cost the harness CPU for each line of a log.
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  return { child, watcher: endWithHarness(child.pid, usualGraceMs, { mark, entries: enter }) };
}

/** What npm sets for headroom's own script is not for the app. */
function appEnvironment(environment: NodeJS.ProcessEnv, port: number, workers: number): NodeJS.ProcessEnv {
  const own = Object.entries(environment).filter(([name]) => !name.startsWith('npm_'));
  return {
    NODE_ENV: 'production',
    ...Object.fromEntries(own),
    PORT: String(port),
    WEB_CONCURRENCY: String(workers),
  };
}

/** Waits until none of them lives, and after the grace forces those that do. */
async function endFamily(
  family: () => readonly number[],
  known: Set<number>,
  graceMs: number,
  force: () => void,
): Promise<void> {
  const until = performance.now() + graceMs;
  let forced = false;
  for (;;) {
    const living = family();
    if (living.length === 0) return;
    for (const pid of living) known.add(pid);
    if (performance.now() > until) {
      if (!forced) force();
      forced = true;
      for (const pid of living) kill(pid, 'SIGKILL');
    }
    if (performance.now() > until + graceMs)
      throw new AppNotEnded(
        `Processes of the app could not be ended, and are still there. End them: kill -9 ${living.join(' ')}`,
      );
    await wait(lookEveryMs);
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It is gone, or has become another user's (sudo): then it is named as what could not be ended.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** Throws a UserError where something listens already: it would be measured instead of the app. */
async function takePort({ origin, hostname, port }: URL): Promise<number> {
  const number = Number(port || 80);
  const socket = connect(number, hostname.replace(/^\[|\]$/g, ''));
  const taken = await new Promise((resolve) =>
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
  );
  socket.destroy();
  if (!taken) return number;
  throw new UserError(
    `${origin} answers before the app of --app was started. Stop what listens there, or leave --app out to measure it`,
  );
}
