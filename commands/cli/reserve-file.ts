// A file for a result that takes long to get: whether it can be written shows before that.
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { replaceFile } from '../../model/run-folder.ts';
import { UserError } from '../../model/user-error.ts';

/** Tries the folder and leaves nothing in it; what stands in the file stays until there is something better. */
export function reserveFile(path: string): { readonly write: (content: string) => void } {
  const trial = `${path}.${process.pid}.tmp`;
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
      throw Object.assign(new Error('is a folder'), { code: 'EISDIR' });
    }
    writeFileSync(trial, '', { flag: 'wx' });
    rmSync(trial);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UserError(`--out ${path} cannot be written (${code}): give a file in a folder that is there`, { cause });
  }
  return { write: (content) => replaceFile(path, content) };
}
