// Runs wrk and reads what it prints.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

export interface WrkOptions {
  readonly connections?: number;
  readonly seconds?: number;
  readonly threads?: number;
  readonly cores?: string;
  readonly script?: string;
}

export interface WrkResult {
  readonly requests: number;
  readonly requestsPerS: number;
  /** Answers outside 2xx and 3xx, and broken connections. */
  readonly failures: number;
  /** Microseconds; only where the script prints it. */
  readonly p99Us?: number;
}

const run = promisify(execFile);

/** Loads a URL with wrk for some seconds. */
export async function wrk(url: string, options: WrkOptions = {}): Promise<WrkResult> {
  const { connections = 64, seconds = 2, threads = 1, cores = '0-63', script } = options;
  const args = [
    '-t',
    `${threads}`,
    '-c',
    `${connections}`,
    '-d',
    `${seconds}s`,
    ...(script ? ['-s', script] : []),
    url,
  ];
  const { stdout } = await run('taskset', ['-c', cores, 'wrk', ...args]);
  const number = (pattern: RegExp): number => Number(pattern.exec(stdout)?.[1] ?? 0);
  const broken = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(stdout)?.slice(1) ?? [];
  const p99Us = number(/^p99 ([\d.]+)/m);
  return {
    ...(p99Us > 0 && { p99Us }),
    requests: number(/(\d+) requests in/),
    requestsPerS: number(/Requests\/sec:\s+([\d.]+)/),
    failures: number(/Non-2xx or 3xx responses: (\d+)/) + broken.reduce((sum, count) => sum + Number(count), 0),
  };
}
