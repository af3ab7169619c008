import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Notes which process runs the app on a data folder, for `reload`. */
export function notePid(dataDir: string): void {
  writeFileSync(pathIn(dataDir), `${process.pid}\n`);
}

/** Removes the note, if it is still about this process. */
export function removePid(dataDir: string): void {
  if (notedPid(dataDir) === process.pid) rmSync(pathIn(dataDir), { force: true });
}

/** The process that was noted; undefined when there is no note. */
export function notedPid(dataDir: string): number | undefined {
  try {
    return Number.parseInt(readFileSync(pathIn(dataDir), 'utf8'), 10) || undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function pathIn(dataDir: string): string {
  return join(dataDir, 'app.pid');
}
