import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** Creates a folder and those above it. Not Node's `recursive`, which never returns below /proc and other folders that take none. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(path) !== path) {
      makeFolder(dirname(path));
      mkdirSync(path);
    } else if (code !== 'EEXIST') throw error;
  }
}
