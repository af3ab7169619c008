import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findBaseline, pinBaseline } from '../../report/baseline.ts';

let runs: string;
let dir: string;
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'baseline-'));
  dir = join(runs, 'complete');
  cpSync(fileURLToPath(new URL('../../../reports/test/fixtures/complete', import.meta.url)), dir, { recursive: true });
});
afterEach(() => rmSync(runs, { recursive: true, force: true }));

test.each(['constructor', '__proto__', 'toString'])('%s is a name like others', (name) => {
  expect(() => findBaseline(name, dir, 'npm run')).toThrow(`--baseline ${name} is not a run folder, a pinned name`);
  pinBaseline(dir, name);
  pinBaseline(dir, 'nightly');
  expect(Object.keys(JSON.parse(readFileSync(join(runs, 'baselines.json'), 'utf8')))).toEqual([name, 'nightly']);
  expect(() => findBaseline(name, dir, 'npm run')).toThrow(`--baseline ${name} is pinned to `);
});

test.each(['null', '[]', '5', '{"a":5}', '{', ''])('baselines.json of %j is refused by name', (text) => {
  writeFileSync(join(runs, 'baselines.json'), text);
  expect(() => findBaseline('nightly', dir, 'npm run')).toThrow(
    /baselines\.json is not a JSON object of names and run ids/,
  );
});

test.each(['[]', '{', ''])('a neighbour whose record is %j hides no run of that name', (text) => {
  const other = join(runs, 'other');
  cpSync(dir, other, { recursive: true });
  const record = JSON.parse(readFileSync(join(other, 'run.json'), 'utf8'));
  writeFileSync(join(other, 'run.json'), JSON.stringify({ ...record, name: 'nightly', status: 'complete' }));
  mkdirSync(join(runs, 'damaged'));
  writeFileSync(join(runs, 'damaged', 'run.json'), text);
  expect(findBaseline('nightly', dir, 'npm run')).toBe(other);
});
