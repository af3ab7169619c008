// A command that runs beside the app during the load: what does a build do to CPU and latency?
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { Readable } from 'node:stream';
import type { CommandRecord } from '../../model/stage/command-record.ts';
import type { CommandGroup } from '../emulation/command-group.ts';
import { endGroup, enterAndExec, signalOf } from '../generators/child.ts';
import { endWithHarness } from '../generators/end-with-harness.ts';
import { limitLog } from '../target/limit-log.ts';

type CommandOptions = {
  readonly logFile: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Where it runs; absent: where headroom was started. */
  readonly directory?: string | undefined;
  /** The control group that it runs in; absent: that of headroom. */
  readonly group?: CommandGroup | undefined;
  /** What a process and its living descendants have used; absent where it is not known. */
  readonly treeUse?: ((pid: number) => TreeUse) | undefined;
  readonly signal: AbortSignal;
};

type TreeUse = { readonly cpuS: number; readonly memoryBytes: number };

/** After a polite request a command has this long to go. */
const graceMs = 3000;
const lookEveryMs = 250;

/** Survives a SIGTERM, so that it can write down the CPU time of all descendants that were waited for: times(2). */
const timed = 'trap : TERM; /bin/sh -c "$1" 3>&-; code=$?; times >&3; exit $code';

/**
 * Runs a line in the user's shell, its output into `logFile`, in a process group of its own that is ended as a whole when `signal`
 * aborts, or this process dies. Resolves when the line is over, with whatever exit code: what it has left in its group is ended, and a
 * daemon that it has started is not waited for. Rejects only when there is no shell to run it in.
 */
export async function runDuring(line: string, options: CommandOptions): Promise<CommandRecord> {
  const { group, signal } = options;
  const startedAt = new Date().toISOString();
  const began = performance.now();
  const usedBefore = group?.usedS() ?? 0;
  const killedBefore = group?.outOfMemory() ?? 0;
  const { child, ended, times, stopWatching } = start(line, options);
  const stopLimit = limitLog(options.logFile);
  const seen = watchUse(child.pid, options.treeUse);
  let stopped = false as boolean;
  let force: NodeJS.Timeout | undefined;
  const end = (): void => {
    stopped = true;
    // The times of a process whose parent ends before it go to init.
    seen.look();
    endGroup(child, 'SIGTERM');
    force = setTimeout(() => endGroup(child, 'SIGKILL'), graceMs);
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    const how = await ended;
    endGroup(child);
    const cpuS = group ? group.usedS() - usedBefore : mostOf(childrenS(times()), stopped ? seen.cpuS() : undefined);
    const outOfMemory = (group?.outOfMemory() ?? 0) - killedBefore;
    return {
      line,
      startedAt,
      durationS: (performance.now() - began) / 1000,
      ...how,
      ...(stopped && { stopped: true as const }),
      ...(cpuS !== undefined && { cpuS }),
      ...(seen.peakBytes() > 0 && { memoryBytes: seen.peakBytes() }),
      ...(outOfMemory > 0 && { outOfMemory }),
    };
  } finally {
    seen.stop();
    stopLimit();
    stopWatching();
    clearTimeout(force);
    signal.removeEventListener('abort', end);
  }
}

/** Starts the shell, and what ends it when this process dies. */
function start(line: string, { environment, directory, group, logFile }: CommandOptions) {
  const entries = group?.entries ?? [];
  const words = [String(entries.length), ...entries, '/bin/sh', '-c', timed, 'sh', line];
  // Not piped: a daemon would hold the pipes open, and this process with them.
  const log = openSync(logFile, 'a');
  const child = spawn('/bin/sh', ['-c', enterAndExec, 'sh', ...words], {
    detached: true,
    cwd: directory,
    env: environment,
    stdio: ['ignore', log, log, 'pipe'],
  });
  closeSync(log);
  const watcher = endWithHarness(child.pid, graceMs);
  const times = child.stdio[3] as Readable;
  const ended = new Promise<HowEnded>((resolve, reject) => {
    child.once('error', reject);
    watcher.once('error', reject);
    child.once('close', (exitCode, signal) => resolve(endOf(exitCode, signal)));
  });
  return { child, ended, times: textOf(times), stopWatching: () => watcher.kill() };
}

type HowEnded = Pick<CommandRecord, 'exitCode' | 'signal'>;

function endOf(exitCode: number | null, signal: string | null): HowEnded {
  const ended = signalOf(exitCode, signal);
  if (ended !== undefined) return { signal: ended };
  return exitCode === null ? {} : { exitCode };
}

function textOf(stream: Readable): () => string {
  let text = '';
  stream.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  return () => text;
}

/** User and system time of children in the output of `times`, like 0m1.23s 0m0.10s on its second line; undefined when the shell was killed. */
function childrenS(times: string): number | undefined {
  const fields = [...(times.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.,]+)s/g)];
  if (fields.length === 0) return undefined;
  return fields.reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds?.replace(',', '.')),
    0,
  );
}

function mostOf(...values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}

/** What it was seen to use: CPU time until the last look, and the most memory. */
function watchUse(pid: number | undefined, useOf: CommandOptions['treeUse']) {
  let cpuS: number | undefined;
  let peakBytes = 0;
  const look = (): void => {
    const use = pid === undefined ? undefined : useOf?.(pid);
    if (!use) return;
    cpuS = Math.max(cpuS ?? 0, use.cpuS);
    peakBytes = Math.max(peakBytes, use.memoryBytes);
  };
  const timer = setInterval(look, lookEveryMs);
  return { look, cpuS: () => cpuS, peakBytes: () => peakBytes, stop: () => clearInterval(timer) };
}
