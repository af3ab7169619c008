// A command that runs beside the app in mid-run: what does a build do to CPU and latency?
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { finished } from 'node:stream/promises';

export type CommandResult = {
  /** The line as the user gave it. */
  readonly line: string;
  readonly startedAt: string;
  readonly durationS: number;
  /** Absent when a signal ended it. */
  readonly exitCode?: number;
  /** Absent when it ended by itself. */
  readonly signal?: string;
};

/** After a polite request a command has this long to go. */
const graceMs = 3000;

/** Waits until the harness is gone, however it died (its end of the pipe closes), and then ends the group $1: politely, then by force. */
const endWithUs = 'read -r _; kill -TERM "-$1" && sleep "$2" && kill -KILL "-$1"';

/**
 * Runs a line in the user's shell, its output into `logFile`, in a process group of its own that is ended as a whole when `signal`
 * aborts, or this process dies. Resolves when it is over, with whatever exit code; rejects only when there is no shell to run it in.
 */
export async function runDuring(
  line: string,
  options: { readonly logFile: string; readonly environment: NodeJS.ProcessEnv; readonly signal: AbortSignal },
): Promise<CommandResult> {
  const startedAt = new Date().toISOString();
  const began = performance.now();
  const log = createWriteStream(options.logFile);
  const child = spawn(line, {
    shell: true,
    detached: true,
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const watcher = spawn('/bin/sh', ['-c', endWithUs, 'sh', String(child.pid), String(graceMs / 1000)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });

  let force: NodeJS.Timeout | undefined;
  const end = (): void => {
    endGroup(child.pid, 'SIGTERM');
    force = setTimeout(() => endGroup(child.pid, 'SIGKILL'), graceMs);
  };
  options.signal.addEventListener('abort', end, { once: true });
  if (options.signal.aborted) end();
  try {
    const [exitCode, signal] = await new Promise<[number | null, string | null]>((resolve, reject) => {
      child.once('error', reject);
      watcher.once('error', reject);
      child.once('close', (...how) => resolve(how));
    });
    return {
      line,
      startedAt,
      durationS: (performance.now() - began) / 1000,
      ...(exitCode !== null && { exitCode }),
      ...(signal !== null && { signal }),
    };
  } finally {
    watcher.kill();
    clearTimeout(force);
    options.signal.removeEventListener('abort', end);
    log.end();
    await finished(log);
  }
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // The group has already gone.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
