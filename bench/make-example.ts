// `npm run example [-- BASELINE CANDIDATE]`: reports/example/ and the README's picture, from a new stress of the two default types or from
// two existing run folders. Nothing is edited: the result is what a user gets.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { askedWords } from './asked-words.ts';
import { findBrowser, takeScreenshot } from './screenshot.ts';

const example = join('reports', 'example');
const headroom = (...words: readonly string[]): string =>
  execFileSync(process.execPath, ['launch.js', 'cli', ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  });

const browser = findBrowser();
const given = askedWords('npm run example [-- BASELINE CANDIDATE]');
const [baseline, candidate] = given.length === 2 ? given : measure();
if (baseline === undefined || candidate === undefined) throw new Error('give two run folders, or none to measure both');
rmSync(example, { recursive: true, force: true });
process.stdout.write(headroom('report', candidate, '--baseline', baseline, '--unlike', '--out', example));
takeScreenshot(browser, join(example, 'index.html'), join('docs', 'report.png'));

function measure(): string[] {
  const { runs } = JSON.parse(headroom('stress', '--json')) as { runs: { dir: string }[] };
  return runs.map(({ dir }) => dir);
}
