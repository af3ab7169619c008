// `npm run example [-- BASELINE CANDIDATE]`: reports/example/ and the README's picture, from a new stress of the usual two types, or of two
// run folders that are there. Nothing is touched up: what comes out is what a user gets.
import { execFileSync } from 'node:child_process';
import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const example = join('reports', 'example');
const headroom = (...words: readonly string[]): string =>
  execFileSync(process.execPath, ['launch.js', 'cli', ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  });

const given = process.argv.slice(2);
const [baseline, candidate] = given.length === 2 ? given : measure();
if (baseline === undefined || candidate === undefined)
  throw new Error('two run folders, or none: then both are measured');
rmSync(example, { recursive: true, force: true });
process.stdout.write(headroom('report', candidate, '--baseline', baseline, '--unlike', '--out', example, '--png'));
renameSync(join(example, 'report.png'), join('docs', 'report.png'));

function measure(): string[] {
  const { runs } = JSON.parse(headroom('stress', '--json')) as { runs: { dir: string }[] };
  return runs.map(({ dir }) => dir);
}
