import { lstat, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nanoid } from 'nanoid';
import { UserError } from '../user-error.ts';
import { codePart } from './file-name.ts';
import { limitFiles } from './file-room.ts';
import { detectFileType, SNIFF_BYTES } from './file-type.ts';
import { makeFolder } from './make-folder.ts';

/** The uploaded files, in a folder of their own, under names that the app generates. */
export type FileStore = ReturnType<typeof openFileStore>;

/** Opens the folder of uploaded files, which may take `maxBytes` together. Throws a UserError when it cannot be created. */
export function openFileStore(folder: string, maxBytes = Number.POSITIVE_INFINITY) {
  try {
    makeFolder(folder);
  } catch (cause) {
    const reason = (cause as Error).message;
    const advice = 'Make the folder writable, or set DATA_DIR to another one.';
    throw new UserError(`Cannot store files in ${folder} (${reason}). ${advice}`, { cause });
  }

  const newPartPath = (): string => join(folder, `${nanoid()}.part`);
  return {
    folder,
    takeRoom: limitFiles(folder, maxBytes).take,

    /** A path to write an upload to; such a file is a "part" until it is kept. */
    newPartPath,

    /** Makes a part the stored file of a code and returns its name. */
    async keep(partPath: string, code: string): Promise<string> {
      const { extension } = detectFileType(await headOf(partPath));
      const name = `${codePart(code)}.${nanoid()}.${extension}`;
      await rename(partPath, join(folder, name));
      return name;
    },

    /** A link is none: in a folder that somebody sent, it could publish any file of this machine. */
    isFile: (path: string): Promise<boolean> =>
      lstat(path).then(
        (found) => found.isFile(),
        () => false,
      ),

    /** Copies the file of a seed link and returns its name. */
    async keepSeed(code: string, path: string): Promise<string> {
      const { extension } = detectFileType(await headOf(path));
      const name = `${codePart(code)}.seed.${extension}`;
      const content = await readFile(path);
      const kept = await readFile(join(folder, name)).catch(() => undefined);
      if (kept?.equals(content)) return name;
      // Whole or not at all, also when the process is killed or the disk is full.
      const part = newPartPath();
      try {
        await writeFile(part, content, { flush: true });
        await rename(part, join(folder, name));
      } finally {
        await rm(part, { force: true });
      }
      return name;
    },

    /** Makes a stored file a part again. */
    putBack: (name: string, partPath: string): Promise<void> => rename(join(folder, name), partPath),

    remove: (name: string): Promise<void> => rm(join(folder, name), { force: true }),

    /** Removes a part, unless it was kept. */
    removePart: (partPath: string): Promise<void> => rm(partPath, { force: true }),
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
