import { readFileSync } from 'node:fs';

/** What a worker has open without any connection. */
const USUAL = 32;
/** The rest is for files that are sent or stored. */
const SHARE = 0.75;

/**
 * How many connections a worker may have open; undefined where the platform does not say how many files a process may. A worker without a
 * free descriptor would lose the connection that the primary process hands to it, and never get another one.
 */
export function mostConnections(limits = readLimits()): number | undefined {
  const files = /^Max open files +(\d+)/m.exec(limits)?.[1];
  return files === undefined ? undefined : Math.max(1, Math.floor((Number(files) - USUAL) * SHARE));
}

function readLimits(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    // Not Linux.
    return '';
  }
}
