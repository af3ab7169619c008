// The recipes of CONTRIBUTING.md, followed in a clone: what a new monitor, profile or chart takes, counted by git.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { fixture } from '../reports/test/fixture.ts';
import { cloneHere, git, root } from './clone.ts';

const folder = mkdtempSync(join(tmpdir(), 'headroom-recipes-'));
const clone = join(folder, 'headroom');

beforeAll(() => {
  cloneHere(clone);
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
});
afterEach(() => {
  git(clone, 'checkout', '--quiet', '.');
  git(clone, 'clean', '--quiet', '--force', '-d', '--exclude=node_modules');
});
afterAll(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string): void => writeFileSync(join(clone, name), text);
const read = (name: string): string => readFileSync(join(clone, name), 'utf8');
const touched = (): string[] =>
  git(clone, 'status', '--porcelain', '--untracked-files=all')
    .split('\n')
    .filter((line) => line !== '' && !line.endsWith(' node_modules'))
    .map((line) => line.slice(3));

/** What headroom of the clone prints, run from its sources. */
function headroom(...args: readonly string[]): string {
  const { NODE_OPTIONS: _, ...env } = process.env;
  return execFileSync(process.execPath, ['launch.js', 'cli', ...args], {
    cwd: clone,
    encoding: 'utf8',
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

test('a monitor is one file: its name is the key', () => {
  const define = read('monitors/definitions/cpu-total.ts').replace('CPU is saturated', 'A dummy fired');
  write('monitors/definitions/dummy.ts', define);
  expect(touched()).toEqual(['monitors/definitions/dummy.ts']);
  const { monitors } = JSON.parse(headroom('monitors', 'backtest', fixture('complete'), '--host', 'i-0abc', '--json'));
  expect(monitors.map(({ key }: { key: string }) => key)).toContain('dummy');
});

test('a profile is one file: its name is that of --profile', () => {
  const profile = JSON.parse(read('loadtest/profiles/built-in/smoke.json'));
  write('loadtest/profiles/built-in/dummy.json', JSON.stringify({ ...profile, name: 'dummy' }));
  expect(touched()).toEqual(['loadtest/profiles/built-in/dummy.json']);
  expect(headroom('stress', '--help')).toMatch(/\bdummy\b/);
});

test('a chart is one file and its line in the list', () => {
  write(
    'reports/charts/dummy.ts',
    `import { makeChart, type RunChart } from './drawing/chart.ts';
export const dummyChart: RunChart = {
  id: 'dummy',
  section: 'load',
  draw: (_report, id) =>
    makeChart({ id, title: 'A dummy', description: 'x', table: { columns: [], rows: [] }, notes: [] }, () => '<svg></svg>'),
};
`,
  );
  write(
    'reports/charts/all.ts',
    read('reports/charts/all.ts')
      .replace('import { demandChart }', "import { dummyChart } from './dummy.ts';\nimport { demandChart }")
      .replace('  demandChart,\n', '  demandChart,\n  dummyChart,\n'),
  );
  expect(touched().sort()).toEqual(['reports/charts/all.ts', 'reports/charts/dummy.ts']);
  const out = join(folder, 'report');
  headroom('report', fixture('complete'), '--out', out);
  expect(readFileSync(join(out, 'index.html'), 'utf8')).toContain('A dummy');
});
