// `npm run bench [-- NAME ...]`: the claims of docs/benchmarks.md, measured one after the other. NAME:PART runs one part of a long
// bench; its claim lists the parts.
import { type Bench, findBenches } from './benches.ts';

const benches = findBenches();
const asked = process.argv.slice(2).map((name) => name.split(':') as [string, string?]);
const unknown = asked.map(([name]) => name).filter((name) => !benches.has(name));
if (unknown.length > 0) {
  process.stderr.write(`there is no bench ${unknown.join(', ')}; there are: ${[...benches.keys()].join(', ')}\n`);
  process.exitCode = 2;
} else {
  for (const [name, part] of asked.length > 0 ? asked : [...benches.keys()].map((each): [string, string?] => [each])) {
    const bench: Bench = await import((benches.get(name) as URL).href);
    process.stdout.write(`\n== ${name}${part === undefined ? '' : `, part ${part}`}: ${bench.claim}\n`);
    const holds = await bench.run(part);
    process.stdout.write(holds ? '   holds\n' : '   does NOT hold\n');
    if (!holds) process.exitCode = 1;
  }
}
