// `npm run bench [-- NAME ...]`: the claims of docs/benchmarks.md, measured one after the other. NAME:PART runs one part of a long
// bench; its claim lists the parts.
import { UserError } from '../model/user-error.ts';
import { askedWords } from './asked-words.ts';
import { type Bench, findBenches } from './benches.ts';

const benches = findBenches();
const names = [...benches.keys()];
const asked = askedWords(`npm run bench [-- NAME[:PART] ...]\n\nNAME: ${names.join(', ')}`, (word) =>
  benches.has(word.split(':')[0] as string),
);
for (const word of asked.length > 0 ? asked : names) {
  const [name = '', part] = word.split(':');
  const bench: Bench = await import((benches.get(name) as URL).href);
  process.stdout.write(`\n== ${name}${part === undefined ? '' : `, part ${part}`}: ${bench.claim}\n`);
  try {
    const holds = await bench.run(part);
    process.stdout.write(holds ? '   holds\n' : '   does NOT hold\n');
    if (!holds) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  }
}
