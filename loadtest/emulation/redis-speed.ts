// The CPU time of a redis SET on a core of this machine: what compares it with the vCPUs that the same was measured on (model/vcpu-speed.ts).
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import type { Finding } from '../../model/finding.ts';
import { endProcess, slowness } from '../generators/child.ts';
import { loadFinding } from '../messages.ts';
import { freePort } from '../target/free-port.ts';

export type RedisSpeed = {
  /** Measures for about 0.4 s: microseconds of CPU time of the server per SET. Undefined when redis ended or nothing was counted. */
  window(): Promise<{ readonly setUs: number } | undefined>;
  stop(): Promise<void>;
};

/** Of Debian's packages redis-server and redis-tools. */
type Programs = { readonly server: string; readonly benchmark: string };
const programsOfDebian: Programs = { server: 'redis-server', benchmark: 'redis-benchmark' };

/** The table's measurement: client and server on one machine, one client thread, no pipelining. */
const connections = 50;
const windowS = 0.4;
const firstRequests = 10_000;
const startLimitMs = 5000;
const windowLimitMs = 20_000;
const graceMs = 2000;
/** Another process may take the free port before redis does. */
const attempts = 3;
/** Any program of this machine reaches the port: with CONFIG and SAVE it could write files as the user of headroom. */
const benchmarkOnly = ['default', 'on', 'nopass', '~*', '-@all', '+set', '+ping', '+config|get'];

/**
 * Starts a redis-server without persistence on a free port of the loopback interface, pinned to `core` as its client is: with the client on
 * another core a SET costs half as much again. It ends with this process, however that ends. Resolves with why there is none where a
 * program is missing or redis does not start.
 */
export async function openRedisSpeed(
  { core }: { readonly core: number },
  programs: Programs = programsOfDebian,
): Promise<RedisSpeed | Finding> {
  let cause = '';
  for (let attempt = 0; attempt < attempts; attempt++) {
    const server = await startServer(core, programs.server);
    if (typeof server === 'string') {
      cause = server;
      continue;
    }
    const meter = openMeter(server, core, programs.benchmark);
    // The first is slower, and says how many requests a window takes.
    const warm = await meter.measure(firstRequests);
    if (typeof warm !== 'string') return { window: meter.window, stop: meter.stop };
    await meter.stop();
    cause = warm;
    break;
  }
  return loadFinding('redis-not-started', { cause });
}

type Server = { readonly child: ChildProcess; readonly pid: number; readonly port: number };

function openMeter({ child, pid, port }: Server, core: number, benchmark: string) {
  let requests = firstRequests;
  // Its client would try again without end.
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  const words = ['-p', String(port), '-t', 'set', '-c', String(connections), '-q'];
  /** The CPU time per SET, or why there is none. */
  const measure = async (count: number): Promise<number | string> => {
    const before = cpuUs(pid);
    if (before === undefined || ended.signal.aborted) return 'redis ended';
    const startMs = performance.now();
    const failure = await runPinned(core, benchmark, [...words, '-n', String(count)], ended.signal);
    const tookS = (performance.now() - startMs) / 1000;
    const after = cpuUs(pid);
    if (failure !== undefined) return failure;
    if (after === undefined) return 'redis ended';
    requests = Math.max(firstRequests / 10, Math.round((count * windowS) / tookS));
    return after > before ? (after - before) / count : 'the kernel does not count the CPU time of threads';
  };
  return {
    measure,
    window: async () => {
      const setUs = await measure(requests);
      return typeof setUs === 'number' ? { setUs } : undefined;
    },
    stop: () => endProcess(child, graceMs),
  };
}

/** Resolves with the running server, or with why it did not start. */
async function startServer(core: number, program: string): Promise<Server | string> {
  const port = await freePort();
  const persistence = ['--save', '', '--appendonly', 'no'];
  const place = ['--bind', '127.0.0.1', '--port', String(port), '--dir', '/'];
  const words = [...place, ...persistence, '--daemonize', 'no', '--user', ...benchmarkOnly];
  const [command = '', ...rest] = pinned(core, program, words);
  // Ctrl-C at a terminal reaches the harness alone, which then ends the rest in order.
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let said = '';
  return new Promise((resolve) => {
    const limitMs = startLimitMs * slowness();
    const late = setTimeout(() => fail(`no answer within ${Math.round(limitMs / 1000)} s`), limitMs);
    const fail = (why: string) => {
      clearTimeout(late);
      child.kill('SIGKILL');
      resolve(lastLine(said) || why);
    };
    const listen = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000);
      if (child.pid === undefined || !/ready to accept connections/i.test(said)) return;
      clearTimeout(late);
      resolve({ child, pid: child.pid, port });
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', (error) => fail(describe(error)));
    child.once('close', (code, signal) => fail(`${program} exited (${signal ?? code})`));
  });
}

/** The kernel ends the program with the thread that started it, which is this process. */
function pinned(core: number, program: string, words: readonly string[]): readonly string[] {
  return ['taskset', '-c', String(core), 'setpriv', '--pdeathsig', 'KILL', program, ...words];
}

/** Resolves with why it failed; with undefined when it did not. */
function runPinned(
  core: number,
  program: string,
  words: readonly string[],
  signal: AbortSignal,
): Promise<string | undefined> {
  const [command = '', ...rest] = pinned(core, program, words);
  const limits = { timeout: Math.ceil(windowLimitMs * slowness()), killSignal: 'SIGKILL', signal } as const;
  return new Promise((resolve) => {
    execFile(command, rest, limits, (error, _, said) => resolve(error ? lastLine(said) || describe(error) : undefined));
  });
}

/** CPU time of all threads of a process, in microseconds: /proc/PID/stat counts in steps of 10 ms, too coarse. Undefined when it is gone. */
function cpuUs(pid: number): number | undefined {
  try {
    const ns = readdirSync(`/proc/${pid}/task`).map((thread) =>
      Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
    );
    return ns.reduce((sum, each) => sum + each, 0) / 1000;
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function describe(error: Error): string {
  const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return isMissing ? 'taskset is not installed' : error.message;
}

function lastLine(said: string): string {
  return said.trim().split('\n').at(-1)?.trim() ?? '';
}
