// Finds the fixture folders.
import { fileURLToPath } from 'node:url';

/** Run folders, named for their situation; made by make-fixtures.ts from captured runs, and of figures made up. */
export const situations = [
  'complete',
  'aborted',
  'target-died',
  'killed',
  'killed-at-once',
  'no-data',
  'hostile',
  'capacity',
  'rebuild',
  'soak',
] as const;

export function fixture(situation: (typeof situations)[number]): string {
  return fileURLToPath(new URL(`./fixtures/${situation}`, import.meta.url));
}
