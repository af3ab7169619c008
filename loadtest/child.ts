// Starting one of our own programs as a process of its own, from sources or from the build.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const fromSources = import.meta.url.endsWith('.ts');

/** Forks `program` (a path without ending, relative to the package's root) with options for node; stdout and stderr are piped. */
export function forkProgram(
  program: string,
  environment: NodeJS.ProcessEnv,
  options: readonly string[] = [],
): ChildProcess {
  const path = fileURLToPath(new URL(`../${program}${fromSources ? '.ts' : '.js'}`, import.meta.url));
  return fork(path, [], {
    env: environment,
    execArgv: [
      ...options,
      ...(fromSources ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] : []),
    ],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    // Ctrl-C at a terminal reaches the harness alone, which then ends the rest in order.
    detached: true,
  });
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
