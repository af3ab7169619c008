// Runs wrk and reads what it prints.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { output, tempFolder } from '../program.ts';

/** A file with a script in Lua for wrk. */
export function luaScript(text: string): string {
  const path = join(tempFolder(), 'script.lua');
  writeFileSync(path, text);
  return path;
}

/** Loads a URL with wrk for some seconds. `failures` are answers outside 2xx and 3xx, and broken connections. */
export async function wrk(
  url: string,
  options: {
    readonly connections?: number;
    readonly seconds?: number;
    readonly cores?: string;
    readonly script?: string;
  } = {},
) {
  const { connections = 64, seconds = 2, cores = '0-63', script } = options;
  const flags = ['-t1', `-c${connections}`, `-d${seconds}s`, ...(script ? ['-s', script] : [])];
  const text = await output('taskset', '-c', cores, 'wrk', ...flags, url);
  const number = (pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);
  const broken = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)?.slice(1) ?? [];
  return {
    requests: number(/(\d+) requests in/),
    requestsPerS: number(/Requests\/sec:\s+([\d.]+)/),
    failures: number(/Non-2xx or 3xx responses: (\d+)/) + broken.reduce((sum, count) => sum + Number(count), 0),
    /** Microseconds; 0 unless the script prints it. */
    p99Us: number(/^p99 ([\d.]+)/m),
  };
}

/** The same, for its requests per second; throws when one failed. */
export async function requestsPerS(...asked: Parameters<typeof wrk>): Promise<number> {
  const { requestsPerS: perS, failures } = await wrk(...asked);
  if (failures > 0) throw new Error(`${failures} requests to ${asked[0]} failed`);
  return perS;
}
