import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
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
      if (await isSame(path, join(folder, name))) return name;
      // Whole or not at all, also when the process is killed or the disk is full.
      const part = newPartPath();
      try {
        await pipeline(createReadStream(path), createWriteStream(part, { flags: 'wx', flush: true }));
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

/** Whether the second file is there, with the content of the first one. */
async function isSame(path: string, kept: string): Promise<boolean> {
  const sizes = await Promise.all([path, kept].map((each) => stat(each).then(({ size }) => size, absent)));
  if (sizes[0] !== sizes[1]) return false;
  const [one, other] = await Promise.all([path, kept].map(hashOf));
  return one === other;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
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
