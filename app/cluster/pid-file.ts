import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Records which process runs the app with a data folder, for `reload`. */
export function writePid(dataDir: string): void {
  writeFileSync(pathIn(dataDir), `${process.pid}\n`);
}

/** Removes the record, unless it names another process by now. */
export function removePid(dataDir: string): void {
  if (readPid(dataDir) === process.pid) rmSync(pathIn(dataDir), { force: true });
}

/** The id of the recorded process; undefined when there is no record. */
export function readPid(dataDir: string): number | undefined {
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
