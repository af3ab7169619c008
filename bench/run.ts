// `npm run bench [-- NAME ...]`: the claims of the README, measured side by side, one after the other.
import { readdirSync, readFileSync } from 'node:fs';

/** What every bench exports: prints its table; true when its claims hold. */
export type Bench = { readonly claim: string; run(): Promise<boolean> };

const here = new URL('.', import.meta.url);
const asked = process.argv.slice(2);
const benches = new Map<string, Bench>();
for (const file of readdirSync(here)
  .filter((name) => name.endsWith('.ts') && name !== 'run.ts')
  .sort()) {
  // The other files are servers and peers, programs of their own.
  if (!/^export const claim\b/m.test(readFileSync(new URL(file, here), 'utf8'))) continue;
  benches.set(file.slice(0, -3), await import(new URL(file, here).href));
}

const unknown = asked.filter((name) => !benches.has(name));
if (unknown.length > 0) {
  process.stderr.write(`there is no bench ${unknown.join(', ')}; there are: ${[...benches.keys()].join(', ')}\n`);
  process.exitCode = 2;
} else {
  for (const name of asked.length > 0 ? asked : benches.keys()) {
    const bench = benches.get(name) as Bench;
    process.stdout.write(`\n== ${name}: ${bench.claim}\n`);
    const holds = await bench.run();
    process.stdout.write(holds ? '   holds\n' : '   does NOT hold\n');
    if (!holds) process.exitCode = 1;
  }
}
