import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportUrls } from '../links/export-urls.ts';
import { openFileStore } from '../links/file-store.ts';
import { openStore } from '../links/open-store.ts';
import { seedStore } from '../links/seed.ts';
import type { Settings } from '../settings.ts';
import { UserError } from '../user-error.ts';
import { readPid } from './pid-file.ts';

type Log = (line: string) => void;

/** Makes the running app replace its workers one by one. Returns a line for the log. Throws a UserError when no app runs. */
export function reload({ dataDir }: Settings): string {
  const pid = readPid(dataDir);
  if (pid === undefined || !isOurs(pid)) {
    throw new UserError(
      `No app is running with DATA_DIR=${dataDir}. Set DATA_DIR to the data folder of the running app.`,
    );
  }
  process.kill(pid, 'SIGHUP');
  return `Process ${pid} is replacing its workers.`;
}

/** Writes all links in the format of urls.json. */
export async function exportLinks(settings: Settings, out: NodeJS.WritableStream, log: Log): Promise<void> {
  const store = await openStore(settings, { log, onForgotten: () => {} });
  try {
    await pipeline(Readable.from(exportUrls(store)), out, { end: false });
  } finally {
    await store.close();
  }
}

/** Adds the links of a urls.json, except codes that visitors have created. The app may be running. */
export async function importLinks(settings: Settings, file: string, log: Log): Promise<void> {
  const store = await openStore(settings, { log, onForgotten: () => {} });
  try {
    await seedStore(store, openFileStore(join(settings.dataDir, 'files')), file);
  } finally {
    await store.close();
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
