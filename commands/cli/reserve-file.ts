// A file for a result that takes long to compute: a path that cannot be written fails before that.
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { UserError } from '../../model/user-error.ts';
import { replaceFile } from '../../model/write-run.ts';

/** Throws a UserError for a path that cannot be written. Leaves no file behind; an existing file stays until `write`. */
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
    throw new UserError(`--out ${path} cannot be written (${code}). Give a file in an existing, writable folder`, {
      cause,
    });
  }
  return { write: (content) => replaceFile(path, content) };
}
