// Keeps what a program writes from filling the disk.
import { appendFileSync, statSync, truncateSync } from 'node:fs';

const longestBytes = 64 * 1024 ** 2;
/** How it started is of more use than how it went on. */
const keptBytes = 1024 ** 2;
const lookMs = 250;

/** Cuts a file that a program appends to whenever it has grown too long. The returned function looks once more, and ends that. */
export function limitLog(path: string, longest = longestBytes, kept = keptBytes): () => void {
  const look = (): void => {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > longest) cut(path, size, kept);
  };
  const timer = setInterval(look, lookMs).unref();
  return () => {
    clearInterval(timer);
    look();
  };
}

function cut(path: string, size: number, kept: number): void {
  // The program goes on at the new end.
  truncateSync(path, kept);
  try {
    appendFileSync(path, `\n[headroom removed ${size - kept} bytes here]\n`);
  } catch (error) {
    // The program has filled the disk again: at the next look.
    if (!['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
