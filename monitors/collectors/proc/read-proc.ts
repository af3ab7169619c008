// Reads /proc; proc-*.ts parse the texts.
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { type Process, parseProcess } from './proc-process.ts';

/** Whether this system has the /proc of Linux. */
export const hasProc = existsSync('/proc/self/auxv');

/** One buffer for all small files: readFileSync gets the size and allocates, which costs twice as much for 200 processes a second. */
const buffer = Buffer.allocUnsafe(16_384);

/** Kernel constants that Node.js does not expose, from the auxiliary vector of this process (getauxval(3)). */
export function kernelConstants(): { readonly ticksPerS: number; readonly pageBytes: number } {
  const vector = readFileSync('/proc/self/auxv');
  const wordBytes = ['arm', 'ia32', 'mips', 'mipsel', 'ppc', 's390'].includes(process.arch) ? 4 : 8;
  const word = (offset: number) =>
    wordBytes === 8 ? Number(vector.readBigUInt64LE(offset)) : vector.readUInt32LE(offset);
  const find = (type: number): number => {
    for (let offset = 0; offset + 2 * wordBytes <= vector.length; offset += 2 * wordBytes)
      if (word(offset) === type) return word(offset + wordBytes);
    throw new Error(`/proc/self/auxv has no entry ${type}`);
  };
  return { pageBytes: find(6), ticksPerS: find(17) };
}

export function readProcFile(name: 'stat' | 'meminfo' | 'loadavg'): string {
  return readFileSync(`/proc/${name}`, 'utf8');
}

/** All visible processes, without those that end while they are read. */
export function readProcesses(): Process[] {
  const processes: Process[] = [];
  for (const name of readdirSync('/proc')) {
    const first = name.charCodeAt(0);
    if (first < 48 || first > 57) continue;
    const text = readSmall(`/proc/${name}/stat`);
    if (text !== undefined) processes.push(parseProcess(text));
  }
  return processes;
}

/** The threads of a process, each with its own ticks; none when it has ended. */
export function readThreads(pid: number): Process[] {
  return threadsOf(pid).flatMap((name) => {
    const text = readSmall(`/proc/${pid}/task/${name}/stat`);
    return text === undefined ? [] : [parseProcess(text)];
  });
}

/** The control groups of a process, one line each (cgroups(7)); empty when it has ended. */
export function readGroups(pid: number): string {
  return readSmall(`/proc/${pid}/cgroup`) ?? '';
}

/** Resident pages of a process that are those of files or shared (proc(5), statm); 0 when it has ended. */
export function readSharedPages(pid: number): number {
  return Number((readSmall(`/proc/${pid}/statm`) ?? '').split(' ')[2] ?? 0);
}

/** CPU time of the living threads of a process in nanoseconds; undefined when it has ended, or the kernel does not count it (schedstat). */
export function readThreadsNs(pid: number): number | undefined {
  let totalNs = 0;
  for (const thread of threadsOf(pid)) {
    const text = readSmall(`/proc/${pid}/task/${thread}/schedstat`);
    if (text !== undefined) totalNs += Number.parseInt(text, 10);
  }
  return totalNs > 0 ? totalNs : undefined;
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch (error) {
    if (isUnreadable(error)) return [];
    throw error;
  }
}

/** The words of the command line of a process; empty when it has ended or has none. */
export function readArgs(pid: number): string[] {
  return (readSmall(`/proc/${pid}/cmdline`) ?? '').split('\0');
}

/** The entries of the environment that a process was started with; empty when it has ended or belongs to another user. */
export function readEnvironment(pid: number): string[] {
  return (readWhole(`/proc/${pid}/environ`) ?? '').split('\0');
}

function readWhole(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  }
}

function readSmall(path: string): string | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    return buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, buffer.length, 0));
  } catch (error) {
    if (isUnreadable(error)) return undefined;
    throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Ended before it was opened (ENOENT) or read (ESRCH), or hidden from this user (hidepid). */
export function isUnreadable(error: unknown): boolean {
  return ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '');
}
