import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { linksFile } from '../links/damaged.ts';
import { exportUrls } from '../links/export-urls.ts';
import { openFileStore } from '../links/file-store.ts';
import { openStore } from '../links/open-store.ts';
import { seedStore } from '../links/seed.ts';
import type { LinkStore } from '../links/store.ts';
import type { Settings } from '../settings.ts';
import { UserError } from '../user-error.ts';
import { asOperatorError } from './operator-error.ts';
import { runningPid } from './pid-file.ts';

type Log = (line: string) => void;

/** How to import a urls.json. */
interface ImportOptions {
  /** A folder with the files of the links. */
  readonly filesFolder?: string | undefined;
  /** Leave out entries that are invalid. */
  readonly skipInvalid: boolean;
}

/** Makes the running app replace its workers one by one. Returns a line for the log. Throws a UserError when no app runs. */
export function reload({ dataDir }: Settings): string {
  const pid = runningPid(dataDir);
  if (pid === undefined) {
    throw new UserError(
      `No app is running with DATA_DIR=${dataDir}. Set DATA_DIR to the data folder of the running app.`,
    );
  }
  process.kill(pid, 'SIGHUP');
  return `Process ${pid} is replacing its workers.`;
}

/** Writes all links in the format of urls.json. Throws a UserError when there is no store, or it cannot be read. */
export async function exportLinks(settings: Settings, out: NodeJS.WritableStream, log: Log): Promise<void> {
  const { dataDir, storeUrl } = settings;
  if (!storeUrl && !existsSync(linksFile(dataDir))) {
    throw new UserError(`There are no links in DATA_DIR=${dataDir}. Set DATA_DIR to the data folder of the app.`);
  }
  const exported = { files: 0 };
  await withStore(settings, log, async (store) => {
    try {
      await pipeline(Readable.from(exportUrls(store, exported)), out, { end: false });
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      // The reader has what it wanted: `export | head`.
      if (code === 'EPIPE') exported.files = 0;
      else if (code !== 'ENOSPC' && code !== 'EDQUOT') throw cause;
      else throw new UserError(`The export is not complete (${message}). Free some space and export again.`, { cause });
    }
  });
  if (exported.files === 0) return;
  const folder = join(dataDir, 'files');
  log(`Files are named, not contained. Import them with: npm start -- import links.json --files ${quoted(folder)}`);
}

/** Adds the links of a urls.json, except codes that visitors have created. The app may be running. */
export async function importLinks(settings: Settings, file: string, options: ImportOptions, log: Log): Promise<void> {
  const { links, skipped } = await withStore(settings, log, (store) =>
    seedStore(store, openFileStore(join(settings.dataDir, 'files')), file, options),
  );
  const more = skipped.length === 0 ? '.' : `, and skipped ${skipped.length}:`;
  log([`Imported ${links} ${links === 1 ? 'link' : 'links'}${more}`, ...skipped].join('\n  '));
}

/** Opens the store for a command. What the operator can fix is thrown as a UserError. */
async function withStore<T>(settings: Settings, log: Log, use: (store: LinkStore) => Promise<T>): Promise<T> {
  try {
    const store = await openStore(settings, { log, onForgotten: () => {} });
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  } catch (error) {
    throw asOperatorError(error as Error, settings.dataDir);
  }
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
