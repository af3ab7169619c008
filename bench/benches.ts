// Finds the benches: every file of a room that exports a claim. The other files are servers and peers, programs of their own.
import { readdirSync, readFileSync } from 'node:fs';

/** What every bench exports. `run` prints its table and resolves with whether the claim holds. */
export type Bench = { readonly claim: string; run(part?: string): Promise<boolean> };

const here = new URL('.', import.meta.url);

/** The address of each bench by its name, which is that of its file. */
export function findBenches(): ReadonlyMap<string, URL> {
  const files = readdirSync(here, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => new URL(file, here))
    .filter((file) => /^export const claim\b/m.test(readFileSync(file, 'utf8')));
  const named = files.map((file) => [file.pathname.replace(/^.*\/(.*)\.ts$/, '$1'), file] as const);
  return new Map(named.sort(([one], [other]) => (one < other ? -1 : 1)));
}
