// Sizings that an earlier version of headroom wrote.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findInstanceTypes } from '../../../model/catalogue/instance-catalogue.ts';
import { readObserved, readRun } from '../../../model/run-folder.ts';
import type { SizingRecord } from '../../../reports/schema/sizing-record.ts';
import { recordSizing } from '../../../reports/sizing/record-sizing.ts';
import { sizeRuns } from '../../../reports/sizing/size-runs.ts';
import { readReport, readSizing, writeSizing } from '../../../reports/write.ts';
import { renewSizing } from '../../report/renew-sizing.ts';

const names = ['t2.medium', 't2.micro'];

let out: string;
let dirs: string[];
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'renew-'));
  dirs = names.map((instanceType) => {
    const dir = join(out, instanceType);
    cpSync('reports/test/fixtures/complete', dir, { recursive: true });
    const run = readRun(dir);
    const record = { ...run, id: instanceType, target: { ...run.target, instanceType } };
    writeFileSync(join(dir, 'run.json'), JSON.stringify(record));
    return dir;
  });
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

function sized(): SizingRecord {
  const graded = sizeRuns(
    dirs.map((dir) => ({ run: readRun(dir), observed: readObserved(dir) })),
    findInstanceTypes('', names.join()),
  );
  if (!graded) throw new Error('the runs have no sizing');
  return recordSizing(graded, names);
}

const burst = (record: SizingRecord | undefined) => record?.types.map(({ burstPerS }) => burstPerS?.value);
const written = () => dirs.map((dir) => readFileSync(join(dir, 'sizing.json'), 'utf8'));

test('the sizing.json and the report of each of the runs state the figures of this version, and the predictions as they were made', async () => {
  const now = sized();
  const types = now.types.map((each) => ({ ...each, burstPerS: { value: 1, low: 1, high: 1 } }));
  const predictions = now.predictions.map((each) => ({ ...each, predictedPerS: 7 }));
  for (const dir of dirs) writeSizing(dir, { ...now, types, predictions });
  await renewSizing(dirs[1] ?? '');
  for (const dir of dirs) {
    const record = readSizing(dir)?.record;
    expect(burst(record)).toEqual(burst(now));
    expect(record?.predictions.map(({ predictedPerS }) => predictedPerS)).toEqual(predictions.map(() => 7));
    expect(burst((await readReport(dir)).judged.sizing)).toEqual(burst(now));
    expect(burst(JSON.parse(readFileSync(join(dir, 'report/report.json'), 'utf8')).judged.sizing)).toEqual(burst(now));
  }
  const after = written();
  await renewSizing(dirs[0] ?? '');
  expect(written()).toEqual(after);
});

test('a sizing stays as it is where one of its runs is gone', async () => {
  const types = sized().types.map((each) => ({ ...each, burstPerS: { value: 1, low: 1, high: 1 } }));
  const [first = '', second = ''] = dirs;
  writeSizing(first, { ...sized(), types });
  rmSync(second, { recursive: true });
  await renewSizing(first);
  expect(burst(readSizing(first)?.record)).toEqual([1, 1]);
});

test('a sizing that could not be read back is refused as a bug, and nothing is written', () => {
  const now = sized();
  const types = now.types.map((each) => ({ ...each, burstPerS: { value: 1, low: Number.NaN, high: 1 } }));
  const [dir = ''] = dirs;
  writeSizing(dir, now);
  const before = readFileSync(join(dir, 'sizing.json'), 'utf8');
  expect(() => writeSizing(dir, { ...now, types })).toThrow(/burstPerS/);
  expect(readFileSync(join(dir, 'sizing.json'), 'utf8')).toBe(before);
});
