import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
