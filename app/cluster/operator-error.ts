import { damaged, isDamage, linksFile } from '../links/damaged.ts';
import { StoreUnavailable } from '../links/store.ts';
import { UserError } from '../user-error.ts';

const DISK_ERRORS = new Set<unknown>(['ENOSPC', 'EROFS', 'EDQUOT', 'EACCES']);

/** An error of the start or of a command as one that the operator can fix; the error itself when it is a bug. */
export function asOperatorError(error: Error & { readonly code?: unknown }, dataDir: string): Error {
  if (error instanceof UserError) return error;
  if (error instanceof StoreUnavailable) return new UserError(error.message, { cause: error });
  if (isDamage(error)) return damaged(linksFile(dataDir), error.message, error);
  if (!DISK_ERRORS.has(error.code)) return error;
  const message = `Cannot write to DATA_DIR (${error.message}). Free some space or set DATA_DIR to another folder.`;
  return new UserError(message, { cause: error });
}
