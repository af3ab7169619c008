// Programs that a bench starts: the shortener, servers of its own, and peers as their users run them.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = fileURLToPath(new URL('..', import.meta.url));
// USER_HZ of Linux, for /proc/PID/stat.
const ticksPerS = 100;

export interface Program {
  readonly url: string;
  readonly child: ChildProcess;
  /** Milliseconds from the start until it said that it listens. */
  readonly startMs: number;
  /** Of its processes, the starting one first. */
  pids(): readonly number[];
  /** CPU seconds that all of them have used so far. */
  cpuS(): number;
  stop(): Promise<void>;
}

/** A folder that goes with this process. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Builds the shortener as it is deployed, where the built files find its dependencies; returns its app/server.js. */
export function buildApp(): string {
  const out = join('node_modules', '.cache', 'headroom-bench');
  execFileSync(process.execPath, ['--import', 'tsx', 'build.ts', out], { cwd: root, stdio: 'inherit' });
  return join(root, out, 'app', 'server.js');
}

/** Starts the shortener as a user would, ready to be asked. `cores` are as `taskset -c` takes them. */
export async function startApp(options: {
  readonly workers: number;
  readonly dataDir: string;
  readonly cores?: string;
  readonly server?: string;
  readonly port?: number;
}): Promise<Program> {
  const { workers, cores, dataDir, server = join(root, 'app', 'server.ts'), port = 0 } = options;
  const env = { PORT: String(port), WORKERS: String(workers), DATA_DIR: dataDir, CREATE_LIMIT: '0' };
  return startScript(server, [], cores, env);
}

/** Starts a server of bench/ in its own process, which prints its address and ends with its stdin. */
export function startServer(script: string, args: readonly string[] = [], cores?: string): Promise<Program> {
  return startScript(join(root, 'bench', script), args, cores);
}

async function startScript(script: string, args: readonly string[], cores = '0-63', env = {}): Promise<Program> {
  const startedMs = performance.now();
  const loader = script.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const child = spawn('taskset', ['-c', cores, process.execPath, ...loader, script, ...args], {
    // The channel ends the shortener with this process, as the end of its stdin does a server of bench/.
    stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
  });
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`${script} ended with ${code}`);
  });
  const [line] = await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), died]);
  died.catch(() => {}); // From here on, its end is asked for.
  const pids = () => [child.pid ?? 0, ...childrenOf(child.pid ?? 0)];
  return {
    url: /http:\S+/.exec(String(line))?.[0] ?? '',
    child,
    startMs: performance.now() - startedMs,
    pids,
    cpuS: () => pids().reduce((sum, pid) => sum + cpuOf(pid), 0),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / ticksPerS;
}

/** The processes that a process has started. */
export function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

/** What a program prints on stdout; rejects when it fails, and says so when it is not installed. */
export async function output(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { cwd: root, maxBuffer: 1e9 });
  return stdout;
}

/** What bare autocannon measures, as its own users run it. */
export async function autocannon(url: string, ...args: string[]) {
  const flags = ['node_modules/autocannon/autocannon.js', ...args, '--json', url];
  return JSON.parse(await output(process.execPath, ...flags));
}
