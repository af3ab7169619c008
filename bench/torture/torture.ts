// `npm run torture [-- NAME ...]`: every fault once, at moments drawn from SEED; ends with a table. A run that was broken off goes on
// where it was when it is started again with its seed.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { askedWords } from '../asked-words.ts';
import { root } from '../program.ts';
import { faults } from './faults.ts';

const seed = Number(process.env.SEED ?? 1);
const stateFile = join(root, 'node_modules', '.cache', `headroom-torture-${seed}.json`);
/** Longest that a fault may take. */
const limitMs = 10 * 60_000;

const all = Object.keys(faults);
const asked = askedWords(`[SEED=N] npm run torture [-- PART-OF-A-NAME ...]\n\n${all.join('\n')}`, (word) =>
  all.some((name) => name.includes(word)),
);
const names = all.filter((name) => asked.length === 0 || asked.some((word) => name.includes(word)));
const done: Record<string, readonly string[]> = existsSync(stateFile)
  ? JSON.parse(readFileSync(stateFile, 'utf8'))
  : {};

/** From 0 to 1 for the n-th fault: a fraction of the golden ratio's multiples, from the seed on. */
const momentOf = (index: number): number => ((seed + index) * 0.618_033_988_749_895) % 1;

// Each fault leaves some.
process.setMaxListeners(0);
// Ends what was started, by the handlers of its exit.
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(code));

for (const name of names) {
  if (done[name]?.length === 0) continue;
  process.stdout.write(`${name} ...\n`);
  const late = new Promise<readonly string[]>((resolve) => {
    setTimeout(() => resolve([`not over after ${limitMs / 60_000} min`]), limitMs).unref();
  });
  const run = faults[name]?.run(momentOf(all.indexOf(name))).catch((error: Error) => [error.message]);
  done[name] = (await Promise.race([run, late])) ?? [];
  mkdirSync(dirname(stateFile), { recursive: true });
  writeFileSync(stateFile, JSON.stringify(done));
}
const lost = names.filter((name) => (done[name] ?? []).length > 0);
const width = Math.max(0, ...names.map((name) => name.length));
for (const name of names)
  process.stdout.write(
    `${name.padEnd(width)}  ${(done[name] ?? []).join(', ') || `survived: ${faults[name]?.holds}`}\n`,
  );
process.stdout.write(
  `seed ${seed}: ${names.length} injected, ${names.length - lost.length} survived, ${lost.length} lost\n`,
);
rmSync(stateFile, { force: true });
process.exit(lost.length > 0 ? 1 : 0);
