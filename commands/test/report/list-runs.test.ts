import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pinBaseline } from '../../report/baseline.ts';
import { listRuns, pruneRuns } from '../../report/list-runs.ts';

let runs: string;
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'list-'));
});
afterEach(() => rmSync(runs, { recursive: true, force: true }));

/** A run of that minute. */
function addRun(id: string, minute: number, change: object = {}, target: object = {}): string {
  const dir = join(runs, id);
  const fixture = fileURLToPath(new URL('../../../reports/test/fixtures/complete', import.meta.url));
  cpSync(fixture, dir, { recursive: true });
  const run = JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8'));
  const startedAt = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
  const changed = { ...run, id, startedAt, ...change, target: { ...run.target, ...target } };
  writeFileSync(join(dir, 'run.json'), JSON.stringify(changed));
  return dir;
}
const folders = () => readdirSync(runs).filter((name) => name !== 'baselines.json');

test('names of a run that somebody sent reach the terminal as plain text', () => {
  const esc = String.fromCodePoint(27);
  addRun('old', 1, { id: `old${esc}[31m` });
  addRun('new', 2, { id: `new${esc}]0;title` });
  expect(listRuns(runs).text).toContain('2 runs in');
  for (const { text } of [listRuns(runs), pruneRuns(runs, '1')]) expect(text).not.toContain(esc);
});

test('the runs are listed by time, each with target, verdict and size', () => {
  addRun('later', 2);
  const reported = addRun('first', 1, {}, { instanceType: 't2.micro' });
  mkdirSync(join(reported, 'report'));
  writeFileSync(join(reported, 'report', 'report.json'), '{"judged":{"verdict":"fail"}}');
  addRun('killed', 3, { status: 'running' });
  pinBaseline(reported, 'main');
  const lines = listRuns(runs, 140).text.split('\n');
  expect(lines[1]).toMatch(/^2026-01-01 00:01 {2}first +t2\.micro, .* FAIL \(baseline main\) +\d+ KiB$/);
  expect(lines[2]).toMatch(/^2026-01-01 00:02 {2}later .* no report +\d+ KiB$/);
  expect(lines[3]).toMatch(/^2026-01-01 00:03 {2}killed .* unfinished +/);
  expect(lines[4]).toMatch(/^3 runs in /);
});

test('a list of 80 columns has no longer line', () => {
  addRun('20260101-000100-t2-micro-abcd', 1, {}, { instanceType: 't2.micro' });
  for (const line of listRuns(runs, 80).text.split('\n').slice(0, 2)) expect(line.length).toBeLessThanOrEqual(80);
});

test('prune keeps the last of each target and every baseline, and says what it removed', () => {
  for (const minute of [1, 2, 3]) {
    addRun(`micro-${minute}`, minute, {}, { instanceType: 't2.micro' });
    addRun(`medium-${minute}`, minute, {}, { instanceType: 't2.medium' });
  }
  pinBaseline(join(runs, 'micro-1'), 'main');
  const { text, document } = pruneRuns(runs, '1');
  expect(folders().sort()).toEqual(['medium-3', 'micro-1', 'micro-3']);
  expect(text).toContain('removed micro-2 (t2.micro, ');
  expect(text).toContain('kept micro-1: it is the baseline main');
  expect(text).toMatch(
    /Removed 3 runs, .* Kept 3 runs: the last 1 complete of each target and profile, with what is newer, and those named above/,
  );
  expect(document).toMatchObject({ removed: [{ id: 'medium-1' }, { id: 'medium-2' }, { id: 'micro-2' }], exitCode: 0 });
});

test('prune counts only complete runs: the last good one stays, whatever failed after it', () => {
  addRun('failed-1', 1, { status: 'aborted' });
  addRun('good-2', 2);
  addRun('failed-3', 3, { status: 'aborted' });
  addRun('failed-4', 4, { status: 'interrupted' });
  pruneRuns(runs, '2');
  expect(folders()).toHaveLength(4);
  pruneRuns(runs, '1');
  expect(folders().sort()).toEqual(['failed-3', 'failed-4', 'good-2']);
});

test('prune keeps the last run of each profile, and of each app that headroom started', () => {
  const app = { kind: 'url', startedByHarness: true };
  const command = (words: string) => ({ command: `npm run stress -- --profile load --app ${words} --out runs` });
  const first = addRun('shop-1', 1, command("'node shop.js'"), app);
  const { profile } = JSON.parse(readFileSync(join(first, 'run.json'), 'utf8'));
  addRun('blog-2', 2, command("'node blog.js'"), app);
  addRun('other-2', 2, command("'node blog.js' --app-dir other"), app);
  addRun('smoke-3', 3, { ...command("'node blog.js'"), profile: { ...profile, name: 'smoke' } }, app);
  addRun('shop-4', 4, command("'node shop.js' --seed 2"), app);
  const { text } = pruneRuns(runs, '1');
  expect(folders().sort()).toEqual(['blog-2', 'other-2', 'shop-4', 'smoke-3']);
  expect(text).toContain('removed shop-1 (app node shop.js, /');
});

test('prune touches no folder that is not the folder of a run, and no run that is under way', () => {
  mkdirSync(join(runs, 'notes'));
  addRun('broken', 0);
  writeFileSync(join(runs, 'broken', 'run.json'), '{');
  const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
  cpSync(addRun('away', 0), elsewhere, { recursive: true });
  rmSync(join(runs, 'away'), { recursive: true });
  symlinkSync(elsewhere, join(runs, 'linked'));
  addRun('renamed', 1, { id: 'other' });
  addRun('going', 2, { status: 'running' });
  addRun('old', 3);
  addRun('last', 4);
  const { text } = pruneRuns(runs, '1');
  expect(folders().sort()).toEqual(['broken', 'going', 'last', 'linked', 'notes', 'renamed']);
  expect(text).toContain('kept renamed: its folder was renamed from other');
  expect(text).toContain('kept going: it is running');
  expect(text).toContain('Not touched, no run can be read there: broken, notes');
  expect(existsSync(join(elsewhere, 'run.json'))).toBe(true);
  rmSync(elsewhere, { recursive: true });
});

test.each(['0', '-1', '1.5', 'all', '', '1e3', ' 1'])('--prune %j is refused, and nothing is removed', (asked) => {
  addRun('first', 1);
  addRun('second', 2);
  expect(() => pruneRuns(runs, asked)).toThrow(/give the number of runs to keep of each target, 1 or more/);
  expect(folders()).toHaveLength(2);
});

test('a folder that does not exist is named', () => {
  expect(() => listRuns(join(runs, 'none'))).toThrow(
    /there is no folder .*none: give the folder of the runs with --out/,
  );
});

test('neither a narrow terminal nor the long command of an app takes the verdict out of the list', () => {
  const dir = addRun('20260101-000000-app-aaaa', 1, { command: `npm run stress -- --app 'node ${'x'.repeat(80)}.js'` });
  const run = JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8'));
  const target = { ...run.target, kind: 'url', startedByHarness: true };
  writeFileSync(join(dir, 'run.json'), JSON.stringify({ ...run, target }));
  for (const columns of [60, 100]) expect(listRuns(runs, columns).text).toMatch(/ Verdict\b.*\n.* no report/);
  expect(listRuns(runs, 100).text).toContain('app node xxx');
});
