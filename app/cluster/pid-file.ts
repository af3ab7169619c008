import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../user-error.ts';

/** Records which process runs the app with a data folder, for `reload`. */
export function writePid(dataDir: string): void {
  writeFileSync(pathIn(dataDir), `${process.pid} ${startOf(process.pid) ?? ''}\n`);
}

/** Removes the record, unless it names another process by now. */
export function removePid(dataDir: string): void {
  if (recorded(dataDir)?.pid === process.pid) rmSync(pathIn(dataDir), { force: true });
}

/** The process that runs the app with a data folder; undefined when none does. */
export function runningPid(dataDir: string): number | undefined {
  const record = recorded(dataDir);
  return record && record.pid !== process.pid && isOurs(record.pid) && !isLater(record) ? record.pid : undefined;
}

/** Throws a UserError when another app runs with this data folder. Without a recorded start it could be any process. */
export function refuseSecondApp(dataDir: string): void {
  const pid = runningPid(dataDir);
  if (pid === undefined || recorded(dataDir)?.start === undefined) return;
  throw new UserError(
    `DATA_DIR=${dataDir} is in use by the app of process ${pid}. Stop that app, or set DATA_DIR to another folder.`,
  );
}

interface PidRecord {
  readonly pid: number;
  /** When the process started, in clock ticks since the boot; absent where there is no /proc. */
  readonly start?: string | undefined;
}

function recorded(dataDir: string): PidRecord | undefined {
  try {
    const [pid = '', start] = readFileSync(pathIn(dataDir), 'utf8').trim().split(' ');
    return /^\d+$/.test(pid) ? { pid: Number(pid), start } : undefined;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

// After a crash the file may name a process that is now another program, which SIGHUP would end.
function isOurs(pid: number): boolean {
  const commandLine = `/proc/${pid}/cmdline`;
  if (existsSync('/proc/self'))
    return existsSync(commandLine) && /(app.server|server\.[jt]s)\0/.test(readFileSync(commandLine, 'utf8'));
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Whether the process of this id is not the one that was recorded. */
function isLater({ pid, start }: PidRecord): boolean {
  return start !== undefined && startOf(pid) !== start;
}

function startOf(pid: number): string | undefined {
  try {
    // The name of the program before it, in brackets, may contain blanks.
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19];
  } catch {
    return undefined;
  }
}

function pathIn(dataDir: string): string {
  return join(dataDir, 'app.pid');
}
