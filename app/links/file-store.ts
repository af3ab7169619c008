import { mkdirSync } from 'node:fs';
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nanoid } from 'nanoid';
import { UserError } from '../user-error.ts';
import { detectFileType, SNIFF_BYTES } from './file-type.ts';

/** The uploaded files in a folder of their own, under names that this app chose. */
export interface FileStore {
  readonly folder: string;
  /** Where an upload may be written while it arrives. */
  newPartPath(): string;
  /** Turns an arrived part into the stored file of a code and returns its name. */
  keep(partPath: string, code: string): Promise<string>;
  /** Copies the file of a seed link; undefined when there is no such file. */
  keepSeed(code: string, path: string): Promise<string | undefined>;
  /** Turns a stored file into a part again. */
  putBack(name: string, partPath: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Removes a part, if it has not been kept. */
  removePart(partPath: string): Promise<void>;
}

/** Opens the folder of uploaded files. */
export function openFileStore(folder: string): FileStore {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const reason = (cause as Error).message;
    throw new UserError(`Cannot store files in ${folder} (${reason}). Make the folder writable or set DATA_DIR.`, {
      cause,
    });
  }

  return {
    folder,
    newPartPath: () => join(folder, `${nanoid()}.part`),

    async keep(partPath, code) {
      const { extension } = detectFileType(await headOf(partPath));
      // The code comes first, so that a sweep can tell from the name alone which link must know this file.
      const name = `${code}.${nanoid()}.${extension}`;
      await rename(partPath, join(folder, name));
      return name;
    },

    async keepSeed(code, path) {
      const isFile = await stat(path).then(
        (found) => found.isFile(),
        () => false,
      );
      if (!isFile) return undefined;
      const { extension } = detectFileType(await headOf(path));
      const name = `${code}.seed.${extension}`;
      const content = await readFile(path);
      const kept = await readFile(join(folder, name)).catch(() => undefined);
      // Not written at each start: a full disk would take what is there.
      if (!kept?.equals(content)) await writeFile(join(folder, name), content);
      return name;
    },

    async putBack(name, partPath) {
      await rename(join(folder, name), partPath);
    },

    async remove(name) {
      await rm(join(folder, name), { force: true });
    },

    async removePart(partPath) {
      await rm(partPath, { force: true });
    },
  };
}

async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFF_BYTES), 0, SNIFF_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
