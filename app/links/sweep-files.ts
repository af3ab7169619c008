import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOfFile } from './file-name.ts';
import type { FileStore } from './file-store.ts';
import { fileOf } from './link.ts';
import type { LinkStore } from './store.ts';

// Far longer than any upload takes: a file this old without a link will never get one.
const ORPHAN_AGE_MS = 3_600_000;

/** Removes files without a link, which a crash during an upload leaves behind. Returns how many were removed. */
export async function sweepFiles(files: FileStore, store: LinkStore, nowMs: number): Promise<number> {
  let removed = 0;
  for (const name of await readdir(files.folder)) {
    const link = await store.find(codeOfFile(name));
    if (link && fileOf(link.location)?.stored === name) continue;
    const found = await stat(join(files.folder, name)).catch((error: NodeJS.ErrnoException) => {
      // Another worker may have removed it in the meantime.
      if (error.code === 'ENOENT') return undefined;
      throw error;
    });
    if (!found || nowMs - found.mtimeMs < ORPHAN_AGE_MS) continue;
    await files.remove(name);
    removed += 1;
  }
  return removed;
}
