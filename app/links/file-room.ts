import { readdir, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';

/** Free space that uploads leave to the links, the visit counts and the logs. */
const RESERVE_BYTES = 256 * 1024 * 1024;
// A small file takes a whole block.
const BLOCK_BYTES = 4096;
const COUNT_EVERY_MS = 60_000;

/**
 * Limits the files in a folder to `maxBytes` together, and to what the disk can spare. Files of other processes and removed files
 * are counted once a minute.
 */
export function limitFiles(folder: string, maxBytes: number) {
  let stored = 0;
  let taken = 0;
  let countedAtMs = Number.NEGATIVE_INFINITY;
  let counting: Promise<void> | undefined;

  const count = async (): Promise<void> => {
    let bytes = 0;
    for (const name of await readdir(folder)) {
      // It may have been removed meanwhile.
      const found = await stat(join(folder, name)).catch(() => undefined);
      bytes += sizeOnDisk(found?.size ?? 0);
    }
    stored = bytes;
    countedAtMs = performance.now();
  };

  return {
    /**
     * Takes room for a file of up to so many bytes; undefined when there is none. The returned function gives back what the file
     * did not use.
     */
    async take(bytes: number): Promise<((usedBytes: number) => void) | undefined> {
      taken += bytes;
      const giveBack = (usedBytes: number): void => {
        taken -= bytes;
        stored += sizeOnDisk(usedBytes);
      };
      try {
        if (performance.now() - countedAtMs > COUNT_EVERY_MS) {
          counting ??= count().finally(() => {
            counting = undefined;
          });
          await counting;
        }
        const { bavail, bsize } = await statfs(folder);
        if (stored + taken <= maxBytes && bavail * bsize - taken >= RESERVE_BYTES) return giveBack;
      } catch (error) {
        giveBack(0);
        throw error;
      }
      giveBack(0);
      return undefined;
    },
  };
}

function sizeOnDisk(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}
