// `npm run bench [-- NAME ...]`: the claims of the README, measured side by side, one after the other. NAME:PART runs a part of one that
// takes long and says which parts it has.
import { readdirSync, readFileSync } from 'node:fs';

/** What every bench exports: prints its table; true when its claims hold. */
export type Bench = { readonly claim: string; run(part?: string): Promise<boolean> };

const here = new URL('.', import.meta.url);
const asked = process.argv.slice(2).map((name) => name.split(':') as [string, string?]);
// The other files are servers and peers, programs of their own.
const benches = readdirSync(here)
  .filter((name) => name.endsWith('.ts') && /^export const claim\b/m.test(readFileSync(new URL(name, here), 'utf8')))
  .map((name) => name.slice(0, -3))
  .sort();

const unknown = asked.map(([name]) => name).filter((name) => !benches.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`there is no bench ${unknown.join(', ')}; there are: ${benches.join(', ')}\n`);
  process.exitCode = 2;
} else {
  for (const [name, part] of asked.length > 0 ? asked : benches.map((each): [string, string?] => [each])) {
    const bench: Bench = await import(new URL(`${name}.ts`, here).href);
    process.stdout.write(`\n== ${name}${part === undefined ? '' : `, part ${part}`}: ${bench.claim}\n`);
    const holds = await bench.run(part);
    process.stdout.write(holds ? '   holds\n' : '   does NOT hold\n');
    if (!holds) process.exitCode = 1;
  }
}
