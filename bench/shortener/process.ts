// Starts the programs that the shortener's benches compare, pinned to cores, and reports the CPU that they use.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Program {
  readonly url: string;
  readonly child: ChildProcess;
  /** Milliseconds from the start until it said that it listens. */
  readonly startMs: number;
  /** Of its processes, the starting one included. */
  pids(): readonly number[];
  /** CPU seconds that all of them have used so far. */
  cpuS(): number;
  stop(): Promise<void>;
}

export interface AppOptions {
  readonly workers: number;
  /** As `taskset -c` takes them. */
  readonly cores?: string;
  readonly dataDir: string;
  readonly server?: string;
  readonly port?: number;
}

// USER_HZ of Linux, for /proc/PID/stat.
const TICKS_PER_S = 100;
const sources = fileURLToPath(new URL('../../app/server.ts', import.meta.url));

/** A folder that goes with this process. */
export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-bench-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts the shortener as a user would, ready to be asked. */
export async function startApp(options: AppOptions): Promise<Program> {
  const { workers, cores = '0-63', dataDir, server = sources, port = 0 } = options;
  const startedMs = performance.now();
  const loader = server.endsWith('.ts') ? ['--import', 'tsx'] : [];
  const child = spawn('taskset', ['-c', cores, process.execPath, ...loader, server], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, PORT: String(port), WORKERS: String(workers), DATA_DIR: dataDir, CREATE_LIMIT: '0' },
  });
  let pids: number[] = [];
  const url = await new Promise<string>((resolve, reject) => {
    child.on('message', (message: { type: string; url: string; pids: number[] }) => {
      if (message.type !== 'ready') return;
      pids = message.pids;
      resolve(message.url);
    });
    child.once('exit', (code) => reject(new Error(`the shortener ended with ${code}`)));
  });
  return program(child, url, performance.now() - startedMs, () => [child.pid ?? 0, ...pids]);
}

/** Starts another server that prints its address as soon as it listens. */
export async function startPeer(command: string, args: string[], cores = '0-63'): Promise<Program> {
  const startedMs = performance.now();
  const child = spawn('taskset', ['-c', cores, command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  return program(child, String(line).trim(), performance.now() - startedMs, () => [
    child.pid ?? 0,
    ...childrenOf(child.pid ?? 0),
  ]);
}

function program(child: ChildProcess, url: string, startMs: number, pids: () => readonly number[]): Program {
  return {
    url,
    child,
    startMs,
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
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

/** The middle one of an odd number of values. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
