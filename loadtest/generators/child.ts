// Starting one of our own programs as a process of its own, from sources or from the build.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';

const fromSources = import.meta.url.endsWith('.ts');

/** Writes its pid into the first $1 files and becomes the program behind them: a member from its first instruction on. */
export const enterAndExec =
  'n=$1; shift; while [ "$n" -gt 0 ]; do echo $$ > "$1" || exit 126; shift; n=$((n - 1)); done; exec "$@"';

/**
 * Forks `program` (a path without ending, relative to the package's root) with options for node; stdout and stderr are piped. `enter`:
 * files of control groups that it enters before it begins.
 */
export function forkProgram(
  program: string,
  environment: NodeJS.ProcessEnv,
  options: readonly string[] = [],
  enter: readonly string[] = [],
): ChildProcess {
  const how = {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'] as ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced' as const,
    // Ctrl-C at a terminal reaches the harness alone, which then ends the rest in order.
    detached: true,
  };
  const { path, loader } = findProgram(program);
  const execArgv = [...options, ...loader];
  if (enter.length === 0) return fork(path, [], { ...how, execArgv });
  const words = [String(enter.length), ...enter, process.execPath, ...execArgv, path];
  return spawn('/bin/sh', ['-c', enterAndExec, 'sh', ...words], how);
}

/** Where a program of ours is, and what node needs to read it. */
export function findProgram(program: string): { readonly path: string; readonly loader: readonly string[] } {
  const path = fileURLToPath(new URL(`../../${program}${fromSources ? '.ts' : '.js'}`, import.meta.url));
  const tsx = () => pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return { path, loader: fromSources ? ['--import', tsx()] : [] };
}

/** Node itself is ready sooner than this on a usual machine. */
const usualBootMs = 100;

/** How many times slower than a usual machine this one started Node, in whole numbers: limits for what takes CPU time are multiplied by it. */
export function slowness(bootMs: number = performance.nodeTiming.bootstrapComplete): number {
  return Math.max(1, Math.ceil(bootMs / usualBootMs));
}

/** Ends a process that we started: asks, waits, and after `graceMs` forces. Resolves when it is gone. */
export async function endProcess(child: ChildProcess, graceMs: number): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await gone;
  clearTimeout(force);
}

/** To be called when a program has exited: what a killed one leaves behind would hold its pipes open, and this process with them. */
export function endGroup({ pid }: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // It is gone, or all that is left has become another user's (sudo).
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** The signal that ended a process, or what a shell ran: it exits with 128 and the number of the signal. Undefined: it ended by itself. */
export function signalOf(exitCode: number | null, signal: string | null): string | undefined {
  return signal ?? Object.entries(constants.signals).find(([, number]) => exitCode === 128 + number)?.[0];
}
