// The recipes of CONTRIBUTING.md, followed in a clone: what a new monitor, profile or chart takes, counted by git, and that the tests which
// the recipe names pass with it.
import { execFileSync, spawnSync } from 'node:child_process';
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

/** How Jest ends that rewrites the generated files of the clone and runs the tests of a recipe. */
function runTests(recipe: string, ...only: readonly string[]): string {
  const section = read('CONTRIBUTING.md').split(`## ${recipe}\n`)[1]?.split('\n## ')[0];
  const step = /npm test -- ([^`]+)/.exec(section ?? '')?.[1] ?? '';
  const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--maxWorkers=1'];
  const { status, stderr } = spawnSync(process.execPath, [...jest, ...(only.length > 0 ? only : step.split(' '))], {
    cwd: clone,
    encoding: 'utf8',
    env: { ...process.env, UPDATE_GOLDEN: '1' },
  });
  return status === 0 ? 'passed' : stderr;
}

test('a monitor is one file: its name is the key', () => {
  const define = read('monitors/definitions/cpu-total.ts')
    .replace('CPU is saturated', 'A dummy fired')
    .replace('100 - avg:system.cpu.idle', 'max:system.disk.in_use');
  write('monitors/definitions/dummy.ts', define);
  expect(touched()).toEqual(['monitors/definitions/dummy.ts']);
  const { monitors } = JSON.parse(headroom('monitors', 'backtest', fixture('complete'), '--host', 'i-0abc', '--json'));
  expect(monitors.map(({ key }: { key: string }) => key)).toContain('dummy');
  expect(runTests('Add a monitor')).toBe('passed');
  expect(touched().sort()).toEqual(['docs/monitors.md', 'docs/runbook.md', 'monitors/definitions/dummy.ts']);
});

test('a profile is one file: its name is that of --profile', () => {
  const profile = JSON.parse(read('loadtest/profiles/built-in/smoke.json'));
  write('loadtest/profiles/built-in/dummy.json', JSON.stringify({ ...profile, name: 'dummy' }));
  expect(touched()).toEqual(['loadtest/profiles/built-in/dummy.json']);
  expect(headroom('stress', '--help')).toMatch(/\bdummy\b/);
  expect(runTests('Add a profile')).toBe('passed');
  expect(touched().sort()).toEqual(['Jenkinsfile', 'docs/profiles.md', 'loadtest/profiles/built-in/dummy.json']);
});

/** Of two points, whatever it is drawn from. */
const dummyChart = `import { formatCount } from '../format/format.ts';
import type { RunChart } from './drawing/chart.ts';
import { linePanel } from './drawing/line-panel.ts';
import { plotChart } from './drawing/plot.ts';

const lines = [{ name: 'dummy', className: 'throughput', points: [[0, 1], [1, 2]] as const }];

export const dummyChart: RunChart = {
  id: 'dummy',
  section: 'load',
  draw: (_report, id) =>
    plotChart({
      id,
      title: 'A dummy',
      description: 'Two points.',
      panels: [linePanel({ title: 'Dummy', format: formatCount, height: 120, lines })],
      x: { title: 'second', ticks: [0, 1], format: formatCount },
      table: { columns: ['Second', 'Dummy'], rows: [['0', '1'], ['1', '2']] },
    }),
};
`;

test('a chart is one file and its line in the list', () => {
  write('reports/charts/dummy.ts', dummyChart);
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
  // Of the tests of the recipe those that look at every chart, and of the page in a browser one.
  expect(runTests('Add a chart', 'reports/test/render/(golden|extremes)')).toBe('passed');
  expect(runTests('Add a chart', 'reports/test/render/page', '-t', 'each width has its own charts')).toBe('passed');
  expect(touched().filter((name) => !name.startsWith('reports/test/golden/'))).toEqual([
    'reports/charts/all.ts',
    'reports/charts/dummy.ts',
  ]);
});
