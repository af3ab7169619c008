import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { findInputFiles } from '../../cli/input-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'rotated-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['a.log*', 'a.log.10.gz a.log.2 a.log.1 a.log'],
  ['b*.log', 'b.10.log b.2.log b.1.log b.log'],
  ['c.log*', 'c.log-20260311.gz c.log-20260312 c.log'],
  ['d*.log', 'd-2026-03-11.log d-2026-03-12.log d.log'],
])('the oldest of the rotated %s is first', (pattern, names) => {
  for (const name of names.split(' ').reverse()) writeFileSync(join(folder, name), '');
  expect(findInputFiles([join(folder, pattern)], 'log').map((file) => basename(file))).toEqual(names.split(' '));
});
